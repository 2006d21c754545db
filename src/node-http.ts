/*
 * What is used of Node's HTTP. `import … from 'node:http'` reads each export of the module, and one of them, WebSocket,
 * loads all that `fetch` is made of when it is read: 30 ms of every start.
 */
export const { Agent: HttpAgent, createServer: createHttpServer } =
  process.getBuiltinModule('node:http');
export const { Agent: HttpsAgent } = process.getBuiltinModule('node:https');
