import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Keeps at most `most` connections open. When one more comes, the one that has been silent longest makes room, so that
 * clients that connect and say nothing cannot shut out a probe. Only when every connection waits for an answer is the
 * new one dropped.
 */
export function boundConnections(server: Server, most: number): void {
  /** Longest silent first. */
  const silent = new Set<Socket>();
  const asking = new Set<Socket>();

  server.on('connection', (socket: Socket) => {
    if (silent.size + asking.size >= most) {
      const [dropped = socket] = silent;
      silent.delete(dropped);
      dropped.destroy();
      if (dropped === socket) return;
    }
    silent.add(socket);
    socket.once('close', () => {
      silent.delete(socket);
      asking.delete(socket);
    });
  });

  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    silent.delete(socket);
    asking.add(socket);
    response.once('close', () => {
      if (asking.delete(socket) && !socket.destroyed) silent.add(socket);
    });
  });
}
