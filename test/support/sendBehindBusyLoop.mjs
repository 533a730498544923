// A client in its own process: opens connections to a port, sends a request on each, creates a file when all are sent, and
// prints how each ended. Usage: node sendBehindBusyLoop.mjs PORT COUNT FLAG_FILE
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';

const [port, count, flag] = process.argv.slice(2);
let sent = 0;

const ask = () =>
  new Promise(resolve => {
    let text = '';
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write('GET /health/live HTTP/1.1\r\nhost: affinity.example\r\n\r\n', () => {
        sent++;
        if (sent === Number(count)) writeFileSync(flag, '');
      });
    });
    socket.on('data', chunk => {
      text += chunk;
    });
    socket.on('error', ({ code }) => resolve(code));
    socket.on('close', () => resolve(text.split('\r\n')[0]));
  });

const results = await Promise.all(Array.from({ length: Number(count) }, ask));
console.log(JSON.stringify(results));
