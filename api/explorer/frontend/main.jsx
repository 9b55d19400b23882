/* The page: GraphiQL over the graph of the same host, with questions that are ready to ask. */

import "./workers.js";
import { explorerPlugin } from "@graphiql/plugin-explorer";
import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { buildSchema, parse } from "graphql";
import { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { createRoot } from "react-dom/client";
import { asked, beginning, firstAnswer, isNew, QUESTIONS, send } from "./first.js";

const PLUGINS = [HISTORY_PLUGIN, explorerPlugin()];
const LONG = 16000; // characters of an address that every server and proxy takes

function fetcher(operation, { headers } = {}) {
  return send(operation, headers);
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

/* The schema, of an address that holds one schema for ever; undefined asks the graph for it. */
async function fetchedSchema() {
  try {
    const response = await fetch(document.getElementById("explorer").dataset.schema);
    return response.ok ? buildSchema(await response.text(), { assumeValid: true }) : undefined;
  } catch {
    return undefined;
  }
}

/* The address under which a query and its variables are found again; headers stay here. */
function shared(query, variables) {
  const parameters = new URLSearchParams(variables.trim() ? { query, variables } : { query });
  const start = `${parameters}`.length > LONG ? "#" : "?";
  return `${location.pathname}${start}${parameters}`;
}

function Share() {
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const [said, setSaid] = useState("Share");

  useEffect(() => {
    if (said === "Share") return undefined;
    const timer = setTimeout(() => setSaid("Share"), 3000);
    return () => clearTimeout(timer);
  }, [said]);

  async function share() {
    history.replaceState(null, "", shared(queryEditor.getValue(), variableEditor?.getValue() ?? ""));
    try {
      await navigator.clipboard.writeText(location.href);
      setSaid("Copied");
    } catch {
      setSaid("In the address");
    }
  }

  return (
    <button
      type="button"
      onClick={share}
      disabled={!queryEditor}
      title="Put the query and its variables into the address, and copy it"
    >
      <span aria-live="polite">{said}</span>
    </button>
  );
}

function Questions() {
  const { addTab, changeTab, run, setOperationFacts } = useGraphiQLActions();
  const tabs = useGraphiQL((state) => state.tabs);
  const activeTabIndex = useGraphiQL((state) => state.activeTabIndex);
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const responseEditor = useGraphiQL((state) => state.responseEditor);
  const isReady = Boolean(queryEditor && responseEditor);
  const hasBegun = useRef(false);
  const chosen = QUESTIONS.find(({ query }) => query === tabs[activeTabIndex]?.query)?.id ?? "";

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
    document.getElementById("first").remove();
    if (firstAnswer) {
      firstAnswer.then((text) => responseEditor.getValue() || responseEditor.setValue(text));
      return;
    }
    const { operations } = operationsOf(queryEditor.getValue());
    const onlyReads = operations.length === 1 && operations[0].operation === "query";
    if ((asked || isNew) && onlyReads) runNow();
  }, [isReady]);

  useEffect(() => {
    const tab = document.querySelector(".graphiql-tab-active");
    tab?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [activeTabIndex, tabs.length, isReady]);

  function ask(event) {
    const { query } = QUESTIONS.find(({ id }) => id === event.target.value);
    const open = tabs.findIndex((tab) => tab.query === query);
    if (open < 0) {
      addTab();
      queryEditor.setValue(query);
    } else {
      changeTab(open);
    }
    queryEditor.setScrollTop(0);
    history.replaceState(null, "", location.pathname);
    runNow();
  }

  return (
    <select aria-label="Questions" value={chosen} onChange={ask} disabled={!isReady}>
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

function Explorer() {
  // Null is no schema yet; undefined would have GraphiQL ask for it at once.
  const [schema, setSchema] = useState(null);

  useEffect(() => {
    fetchedSchema().then(setSchema);
  }, []);

  return (
    <GraphiQL
      fetcher={fetcher}
      plugins={PLUGINS}
      schema={schema}
      initialQuery={asked?.query}
      initialVariables={asked?.variables}
      defaultTabs={[beginning]}
      showPersistHeadersSettings={false}
      inputValueDeprecation
      schemaDescription
    >
      <GraphiQL.Logo>
        <span />
      </GraphiQL.Logo>
      {createPortal(
        <>
          <Questions />
          <Share />
        </>,
        document.getElementById("picker"),
      )}
    </GraphiQL>
  );
}

export function show() {
  createRoot(document.getElementById("explorer")).render(<Explorer />);
}
