/** Ports where some printers print whatever comes in (PJL and raw printing). */
export function isPrinters(port: number): boolean {
  return port >= 9100 && port <= 9107
}
