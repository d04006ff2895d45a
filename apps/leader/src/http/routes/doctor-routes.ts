import { noBody, noQuery, readRequest } from '../answer/read-request.js';
import { nameOfCaller, type RouteContext } from './route-context.js';

/** What is well and what is not, and taking a clock that is held as it is. */
export function addDoctorRoutes({ app, port }: RouteContext): void {
  app.get('/api/v1/doctor', async (request) => {
    readRequest('query', noQuery, request.query);
    return port.doctor();
  });

  app.post('/api/v1/clock/accept', async (request) => {
    readRequest('query', noQuery, request.query);
    readRequest('body', noBody, request.body ?? undefined);
    return port.acceptClock(nameOfCaller(request));
  });
}
