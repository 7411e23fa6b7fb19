import { mkdirSync, writeFileSync } from 'node:fs'
import { describeLab } from '@portkit/lab/vitest'
import { describe, expect, it } from 'vitest'
import { listens, place, REAL, server, TOOLS, tool } from './kit.ts'

const PORT = 8000
const HELLO = 'hello from nginx\n'

const NGINX = (folder: string) => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen ${PORT};
    listen [::]:${PORT};
    root ${folder}/www;
    location /echo { return 200 "$request_method $http_x_lab\\n"; }
  }
}
`

describeLab('HTTP by hand to nginx', { needs: ['nginx', REAL] }, (lab) => {
  const here = place()

  server(lab, async () => {
    mkdirSync(here.file('www'))
    writeFileSync(here.file('www/hello'), HELLO)
    await lab.exec('sh', ['-c', 'head -c 20000000 /dev/urandom >www/large'], { cwd: here.path })
    writeFileSync(here.file('nginx.conf'), NGINX(here.path))
    return {
      command: 'nginx',
      args: ['-e', 'stderr', '-p', here.path, '-c', here.file('nginx.conf')],
      ready: () => listens(lab, 'target', PORT),
      stop: 'SIGQUIT',
    }
  })

  describe.each(TOOLS)('%s', (name) => {
    const nc = tool(lab, name, here)

    it.each([
      ['CRLF typed out', `printf 'GET /hello HTTP/1.0\\r\\n\\r\\n' | "$NC" target.lab ${PORT}`],
      ['CRLF by -C', `printf 'GET /hello HTTP/1.0\\n\\n' | "$NC" -C target.lab ${PORT}`],
      ['-N over IPv4', `printf 'GET /hello HTTP/1.0\\r\\n\\r\\n' | "$NC" -4N target.lab ${PORT}`],
      ['a here-document over IPv6', `"$NC" -6 target.lab ${PORT} <<'END'\nGET /hello HTTP/1.0\n\nEND`],
    ])('gets a page: %s', async (_, script) => {
      const result = await nc.bash(script)
      expect(result).toMatchObject({ status: 0, stderr: '' })
      const [head, body] = result.stdout.split('\r\n\r\n')
      expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\nServer: nginx/)
      expect(body).toBe(HELLO)
    })

    it('asks twice in one kept connection, and ends when the server closes it', async () => {
      const requests =
        'GET /echo HTTP/1.1\\nHost: x\\nX-Lab: one\\n\\nPUT /echo HTTP/1.1\\nHost: x\\nX-Lab: two\\nContent-Length: 0\\nConnection: close\\n\\n'
      const { stdout, stderr, status } = await nc.bash(`printf '${requests}' | "$NC" -C target.lab ${PORT}`)
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
      expect(stdout.match(/^HTTP\/1\.1 200 OK\r$/gm)).toHaveLength(2)
      expect(stdout.split('\r\n\r\n').map((part) => part.split('\n')[0])).toEqual([
        'HTTP/1.1 200 OK\r',
        'GET one',
        'PUT two',
      ])
    })

    it('downloads 20 MB octet by octet', async () => {
      const result = await nc.bash(
        `printf 'GET /large HTTP/1.0\\r\\n\\r\\n' | "$NC" target.lab ${PORT} | sed '1,/^\\r$/d' | cmp - www/large`,
      )
      expect(result).toMatchObject({ status: 0, stdout: '', stderr: '' })
    })
  })
})
