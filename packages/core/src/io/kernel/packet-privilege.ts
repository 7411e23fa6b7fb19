import { LocalFault } from '../../model/errors.ts'
import { localFault } from '../local-fault.ts'

/** Why a socket for whole packets could not be opened; without the privilege, what to do about it. */
export function needPrivilege(errno: string): LocalFault {
  if (errno !== 'EPERM' && errno !== 'EACCES') return localFault(errno, 'socket for packets')
  return new LocalFault(
    'EPERM',
    'packets need the privilege CAP_NET_RAW: run as root, or once `setcap cap_net_raw+ep` on the node program, ' +
      'or in a container with --cap-add NET_RAW',
  )
}
