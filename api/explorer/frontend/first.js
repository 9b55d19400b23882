/* What is asked first, and how anything is asked: a small part, which is here before the editors. */

export const QUESTIONS = JSON.parse(document.getElementById("questions").textContent);

/* A long query stands behind #, which no server bounds. */
const address = new URLSearchParams(location.search || location.hash.slice(1));

export const asked = address.get("query")
  ? { query: address.get("query"), variables: address.get("variables") ?? "" }
  : null;
export const isNew = localStorage.getItem("graphiql:tabState") === null;
export const beginning = asked ?? { query: QUESTIONS[0].query, variables: "" };

const HINT =
  "Where a login is needed, log in on another tab and ask again, or give a token under Headers.";

function failure(message) {
  return { errors: [{ message: `${message} ${HINT}` }] };
}

/* The answer to an operation; what is no JSON is told as an error, with its status. */
export async function send(operation, headers) {
  let response, text;
  try {
    response = await fetch("graphql", {
      method: "POST",
      headers: {
        Accept: "application/graphql-response+json, application/json",
        "Content-Type": "application/json",
        ...headers,
      },
      body: JSON.stringify(operation),
    });
    text = await response.text();
  } catch (error) {
    return failure(`There is no answer that can be read: ${error.message}.`);
  }
  try {
    const answer = JSON.parse(text);
    if (typeof answer === "object" && answer !== null) return answer;
  } catch {
    // Told below.
  }
  const status = `${response.status} ${response.statusText}`.trim();
  const kind = response.headers.get("content-type") ?? "nothing that says what it is";
  const from = response.redirected ? ` from ${response.url}` : "";
  const title = /<title[^>]*>([^<]+)/i.exec(text)?.[1].trim();
  const named = title ? `, “${title}”` : "";
  return failure(`The answer is ${status}${from} and no GraphQL, but ${kind}${named}.`);
}

/* Whether a text is one query, as far as that can be told without reading it whole. */
function isOneQuery(text) {
  const bare = text.replace(/#.*$/gm, "").replace(/"(?:\\.|[^"\\])*"/g, '""');
  const heads = bare.match(/(?:^|\})\s*(?:query\b|mutation\b|subscription\b|\{)/g) ?? [];
  return heads.length === 1 && !/mutation|subscription/.test(heads[0]);
}

function ask({ query, variables }) {
  try {
    const operation = { query, ...(variables.trim() && { variables: JSON.parse(variables) }) };
    return send(operation).then((answer) => JSON.stringify(answer, null, 2));
  } catch {
    return null;
  }
}

/* The text of the first answer, or null where nothing is asked before the editors are here. */
export const firstAnswer = (asked || isNew) && isOneQuery(beginning.query) ? ask(beginning) : null;
