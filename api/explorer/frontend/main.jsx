/* The page: GraphiQL over the graph of the same host, with questions that are ready to ask. */

import "./workers.js";
import { explorerPlugin } from "@graphiql/plugin-explorer";
import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { parse } from "graphql";
import { useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { createRoot } from "react-dom/client";

const QUESTIONS = JSON.parse(document.getElementById("questions").textContent);
const PLUGINS = [HISTORY_PLUGIN, explorerPlugin()];

const address = new URLSearchParams(location.search);
const asked = address.get("query")
  ? { query: address.get("query"), variables: address.get("variables") ?? "" }
  : null;
const isNew = localStorage.getItem("graphiql:tabState") === null;

async function fetcher(operation, { headers } = {}) {
  const response = await fetch("graphql", {
    method: "POST",
    headers: {
      Accept: "application/graphql-response+json, application/json",
      "Content-Type": "application/json",
      ...headers,
    },
    body: JSON.stringify(operation),
  });
  return response.json();
}

/* The operations of a query, or none while it cannot be read. */
function operationsOf(query) {
  try {
    const documentAST = parse(query);
    const operations = documentAST.definitions.filter((one) => one.kind === "OperationDefinition");
    return { documentAST, operations, operationName: operations[0]?.name?.value };
  } catch {
    return { operations: [] };
  }
}

function Questions() {
  const { addTab, changeTab, run, setOperationFacts } = useGraphiQLActions();
  const tabs = useGraphiQL((state) => state.tabs);
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const responseEditor = useGraphiQL((state) => state.responseEditor);
  const isReady = Boolean(queryEditor && responseEditor);
  const hasBegun = useRef(false);

  /* GraphiQL reads the operation's name a moment after the text; running needs it at once. */
  function runNow() {
    setOperationFacts(operationsOf(queryEditor.getValue()));
    run();
  }

  useEffect(() => {
    if (!isReady || hasBegun.current) return;
    hasBegun.current = true;
    // Sources write ’ and “, which the editor would frame as letters easily mistaken.
    queryEditor.updateOptions({ unicodeHighlight: { ambiguousCharacters: false } });
    responseEditor.updateOptions({ unicodeHighlight: { ambiguousCharacters: false } });
    const { operations } = operationsOf(queryEditor.getValue());
    const onlyReads = operations.length === 1 && operations[0].operation === "query";
    if ((asked || isNew) && onlyReads) runNow();
  }, [isReady]);

  function ask(event) {
    const { query } = QUESTIONS.find(({ id }) => id === event.target.value);
    const open = tabs.findIndex((tab) => tab.query === query);
    if (open < 0) {
      addTab();
      queryEditor.setValue(query);
    } else {
      changeTab(open);
    }
    history.replaceState(null, "", location.pathname);
    runNow();
  }

  return (
    <select aria-label="Questions" value="" onChange={ask} disabled={!isReady}>
      <option value="" disabled hidden>
        Ask a question …
      </option>
      {QUESTIONS.map(({ id, question }) => (
        <option key={id} value={id}>
          {question}
        </option>
      ))}
    </select>
  );
}

createRoot(document.getElementById("explorer")).render(
  <GraphiQL
    fetcher={fetcher}
    plugins={PLUGINS}
    initialQuery={asked?.query}
    initialVariables={asked?.variables}
    defaultTabs={[asked ?? { query: QUESTIONS[0].query }]}
    isHeadersEditorEnabled={false}
    showPersistHeadersSettings={false}
    inputValueDeprecation
    schemaDescription
  >
    <GraphiQL.Logo>
      <span />
    </GraphiQL.Logo>
    {createPortal(<Questions />, document.getElementById("picker"))}
  </GraphiQL>,
);
