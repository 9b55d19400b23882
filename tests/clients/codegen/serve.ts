import { site } from './site';

site('http://127.0.0.1:8000/graphql').listen(3000);
