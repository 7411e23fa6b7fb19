const FIRST_SIZE = 256

/** Which probe each connection attempt is, by numbers from 0 that are used again. */
interface ConnectShots {
  add(host: number, port: number, pass: number): number
  host(shot: number): number
  port(shot: number): number
  pass(shot: number): number
  remove(shot: number): void
}

export function createConnectShots(): ConnectShots {
  let hosts = new Int32Array(FIRST_SIZE)
  let ports = new Uint16Array(FIRST_SIZE)
  let passes = new Uint16Array(FIRST_SIZE)
  const spare: number[] = []
  let count = 0
  const grow = (): void => {
    const size = hosts.length * 2
    const [oldHosts, oldPorts, oldPasses] = [hosts, ports, passes]
    hosts = new Int32Array(size)
    ports = new Uint16Array(size)
    passes = new Uint16Array(size)
    hosts.set(oldHosts)
    ports.set(oldPorts)
    passes.set(oldPasses)
  }
  return {
    add(host, port, pass) {
      const shot = spare.pop() ?? count++
      if (shot >= hosts.length) grow()
      hosts[shot] = host
      ports[shot] = port
      passes[shot] = pass
      return shot
    },
    host: (shot) => hosts[shot] ?? 0,
    port: (shot) => ports[shot] ?? 0,
    pass: (shot) => passes[shot] ?? 0,
    remove: (shot) => void spare.push(shot),
  }
}
