import request from 'supertest';
import { ReadingStore } from '@kkt/storage';
import { startTestConsole, type TestConsole } from '../../test/test-console';

let console_: TestConsole;
let registerId: number;

beforeAll(async () => {
  console_ = await startTestConsole();
  const { rows, database } = console_;
  registerId = (await rows.register(await rows.group(await rows.client(), 'shop-1'))).id;
  await new ReadingStore(database).save([
    {
      registerId,
      values: { up: true, command_p95: 0.02, fn_phase: 3, model: 'АТОЛ 42ФС', fn_documents: 17 },
    },
  ]);
});

afterAll(() => console_.stop());

describe('readings on the console', () => {
  it('are scraped without a log-in, plain and packed, whole or the few that alerts need', async () => {
    const { text } = await request(console_.url)
      .get('/metrics/registers')
      .expect(200)
      .expect('content-type', /^text\/plain/);
    expect(text).toMatch(/^kkt_register_fn_documents\{dc="[^"]*",rack="[^"]*".*\} 17$/m);
    expect(text).toMatch(/^kkt_register_model_info\{.*value="АТОЛ 42ФС"\} 1$/m);
    const packed = await request(console_.url)
      .get('/metrics/registers')
      .set('accept-encoding', 'gzip')
      .expect('content-encoding', 'gzip');
    expect(packed.text).toBe(text);
    const fleet = await request(console_.url).get('/metrics/registers?set=fleet').expect(200);
    expect(fleet.text).not.toContain('kkt_register_model_info');
    expect((await request(console_.url).get('/metrics/registers?dc=nowhere').expect(200)).text).toBe('');
    await request(console_.url).get('/metrics/registers?set=none').expect(400);
  });

  it('are told to engineers with their meaning and history', async () => {
    await request(console_.url).get(`/api/registers/${registerId}/readings`).expect(401);
    const engineer = await console_.loggedIn('viewer');
    const { body } = await engineer.get(`/api/registers/${registerId}/readings`).expect(200);
    const readings = (body as { readings: { key: string }[] }).readings;
    expect(readings.length).toBeGreaterThan(60);
    expect(readings.find(({ key }) => key === 'fn_phase')).toMatchObject({
      value: 3,
      meaning: 'fiscal',
      hasHistory: true,
    });
    const history = await engineer.get(`/api/registers/${registerId}/readings/fn_documents`).expect(200);
    expect(history.body).toMatchObject({ points: [{ value: 17 }] });
    await engineer.get(`/api/registers/${registerId}/readings/model`).expect(404);
  });
});
