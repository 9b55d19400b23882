/** Run the 61 GraphQL over HTTP audits against a URL and print their results as JSON. */
import { auditServer } from 'graphql-http';

const [url] = process.argv.slice(2);
if (!url) {
  console.error('Usage: npm run audit -- URL');
  process.exit(2);
}

const results = await auditServer({ url });
const told = results.map(({ id, name, status, reason }) => ({ id, name, status, reason }));
console.log(JSON.stringify(told, null, 2));
process.exitCode = told.every(({ status }) => status === 'ok') ? 0 : 1;
