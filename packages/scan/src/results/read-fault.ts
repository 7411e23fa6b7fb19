/** Why a text is no result of a scan, without the name of its file. */
export class ResultFault extends Error {}
