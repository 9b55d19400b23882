/** What a client sends and is told, in order: the method, whether the query itself went along, the status. */
export class Requests {
  readonly seen: string[] = [];

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const sent = `${new URL(request.url).search} ${await request.clone().text()}`;
    const what = /[?&]query=|"query":/.test(sent) ? 'query' : 'hash';
    const response = await fetch(request);
    this.seen.push(`${request.method} ${what} ${response.status}`);
    return response;
  };
}
