import { totpCode } from '@kkt/accounts';
import { startTestCabinet, type TestCabinet } from '../test/test-cabinet';

const offer = '2026-11';
let cabinet: TestCabinet;
let addresses = 0;

beforeAll(async () => {
  cabinet = await startTestCabinet();
  await cabinet.database.query(
    `insert into offers (version, valid_from, title, body, body_sha256) values ($1, '2026-01-01', 'Оферта', 'Текст', '')`,
    [offer],
  );
});
afterAll(() => cabinet?.stop());

/** The newest message to an address, and the code in it. */
async function letter(to: string): Promise<{ kind: string; subject: string; body: string; code: string }> {
  const [found] = await cabinet.database.query<{ kind: string; subject: string; body: string }>(
    'select kind, subject, body from notifications where address = $1 order by created_at desc, id desc limit 1',
    [to],
  );
  if (!found) throw new Error(`nothing was sent to ${to}`);
  return { ...found, code: /\d{4} \d{4}/.exec(found.body)?.[0] ?? '' };
}

const form = (more: Record<string, unknown> = {}) => {
  const n = ++addresses;
  return {
    email: `anna${n}@romashka.ru`,
    phone: `8 (912) 345-67-${String(n).padStart(2, '0')}`,
    password: 'коза на крыше поёт романсы',
    companyName: 'ООО «Ромашка»',
    offerVersion: offer,
    ...more,
  };
};

async function signedUp(more: Record<string, unknown> = {}) {
  const own = { agent: cabinet.agent(), ...form(more) };
  const { agent, ...body } = own;
  await agent.post('/api/account').send(body).expect(202);
  const { code } = await letter(own.email);
  await agent.post('/api/account/confirm').send({ email: own.email, code }).expect(200);
  return own;
}

describe('signing up', () => {
  it('goes from a form over a confirmed e-mail to a company of one’s own', async () => {
    const { agent, email } = await signedUp();
    const before = await agent.get('/api/session').expect(200);
    expect(before.body).toMatchObject({ login: email, client: null, role: null, clients: [], rights: [] });
    const refused = await agent.get('/api/home').expect(409);
    expect(refused.body.error.code).toBe('CLIENT-COMPANY-NEEDED');
    expect((await agent.get('/api/profile').expect(200)).body.companyName).toBe('ООО «Ромашка»');
    const wrong = await agent
      .post('/api/profile/companies')
      .send({ name: 'ООО «Ромашка»', inn: '7707083890' });
    expect(wrong.status).toBe(400);
    expect(wrong.body.error.fields.inn[0]).toContain('контрольные');
    await agent.post('/api/profile/companies').send({ name: 'ООО «Ромашка»', inn: '7707083893' }).expect(201);
    const after = await agent.get('/api/session').expect(200);
    expect(after.body).toMatchObject({ role: 'owner', client: { name: 'ООО «Ромашка»', inn: '7707083893' } });
    expect(after.body.rights).toContain('people:write');
    await agent.get('/api/home').expect(200);
  });

  it('confirms by the link of the letter too, once', async () => {
    const body = form();
    await cabinet.agent().post('/api/account').send(body).expect(202);
    const token = /confirm#([A-Za-z0-9_-]{43})/.exec((await letter(body.email)).body)?.[1];
    await cabinet.agent().post('/api/account/confirm-link').send({ token }).expect(200);
    await cabinet.agent().post('/api/account/confirm-link').send({ token }).expect(400);
  });

  it.each([
    ['email', { email: 'anna@shop' }, 'CLIENT-CONTACT'],
    ['phone', { phone: '12345678' }, 'CLIENT-CONTACT'],
    ['password', { password: 'password123' }, 'CLIENT-PASSWORD'],
    ['offerVersion', { offerVersion: '2019' }, 'CLIENT-OFFER'],
    ['partnerCode', { partnerCode: 'nobody' }, 'CLIENT-PARTNER'],
  ])('names the wrong field %s', async (field, more, code) => {
    const reply = await cabinet.agent().post('/api/account').send(form(more)).expect(400);
    expect(reply.body.error).toMatchObject({ code, fields: { [field]: [expect.any(String)] } });
  });

  it('refuses fields that nobody may set', async () => {
    const reply = await cabinet
      .agent()
      .post('/api/account')
      .send(form({ role: 'owner' }))
      .expect(400);
    expect(reply.body.error.fields.role).toBeDefined();
  });

  it('does not say whether an address has an account; the letter does', async () => {
    const { email } = await signedUp();
    const again = await cabinet.agent().post('/api/account').send(form({ email })).expect(202);
    expect(again.body).toEqual({ next: 'confirm-email' });
    expect((await letter(email)).kind).toBe('account.known');
    await cabinet.agent().post('/api/account/recover').send({ login: 'nobody@nowhere.ru' }).expect(202);
    await expect(letter('nobody@nowhere.ru')).rejects.toThrow('nothing was sent');
  });

  it('takes a code at most five times, and each code once', async () => {
    const body = form();
    const agent = cabinet.agent();
    await agent.post('/api/account').send(body).expect(202);
    const { code } = await letter(body.email);
    const tell = (text: string) => agent.post('/api/account/confirm').send({ email: body.email, code: text });
    for (let n = 0; n < 5; n++) await tell('00000000').expect(400);
    await tell(code).expect(400);
    await agent.post('/api/account/resend').send({ email: body.email }).expect(202);
    const second = (await letter(body.email)).code;
    await tell(second).expect(200);
    await tell(second).expect(400);
  });

  it('does not let somebody log in before the address is confirmed', async () => {
    const body = form();
    await cabinet.agent().post('/api/account').send(body).expect(202);
    await cabinet
      .agent()
      .post('/api/session')
      .send({ login: body.email, password: body.password })
      .expect(401);
  });
});

describe('an account', () => {
  it('is reached by phone once the number is confirmed', async () => {
    const { agent, phone, password } = await signedUp();
    const login = () => cabinet.agent().post('/api/session').send({ login: phone, password });
    await login().expect(401);
    await agent.post('/api/profile/phone').expect(202);
    const e164 = `+7${phone.replace(/\D/g, '').slice(1)}`;
    await agent
      .post('/api/profile/phone/confirm')
      .send({ code: (await letter(e164)).code })
      .expect(204);
    await login().expect(200);
  });

  it('gets a new password by letter; every session ends', async () => {
    const { agent, email } = await signedUp();
    await cabinet.agent().post('/api/account/recover').send({ login: email }).expect(202);
    const { kind, code } = await letter(email);
    expect(kind).toBe('account.reset');
    const reset = (more: object) =>
      cabinet
        .agent()
        .post('/api/account/reset')
        .send({ login: email, code, password: 'другая коза на другой крыше', ...more });
    expect((await reset({ password: 'кошка' })).status).toBe(400);
    await reset({}).expect(204);
    await reset({}).expect(400);
    await agent.get('/api/session').expect(401);
    await cabinet
      .agent()
      .post('/api/session')
      .send({ login: email, password: 'другая коза на другой крыше' })
      .expect(200);
    expect((await letter(email)).kind).toBe('account.password-changed');
  });

  it('asks for the second factor once it is switched on; a code works once', async () => {
    const { agent, email, password } = await signedUp();
    await agent.post('/api/profile/totp').send({ password: 'wrong' }).expect(400);
    const { secret } = (await agent.post('/api/profile/totp').send({ password }).expect(201)).body as {
      secret: string;
    };
    await agent.post('/api/profile/totp/confirm').send({ code: '000000' }).expect(400);
    const code = totpCode(secret, Date.now());
    const on = await agent.post('/api/profile/totp/confirm').send({ code }).expect(200);
    const recovery = (on.body as { recoveryCodes: string[] }).recoveryCodes;
    const login = (more: object) =>
      cabinet
        .agent()
        .post('/api/session')
        .send({ login: email, password, ...more });
    expect((await login({}).expect(401)).body.error.code).toBe('CLIENT-SECOND-FACTOR');
    await login({ code }).expect(401);
    await login({ code: recovery[0] }).expect(200);
    await login({ code: recovery[0] }).expect(401);
    const later = totpCode(secret, Date.now() + 30_000);
    await login({ code: later }).expect(200);
    const [stored] = await cabinet.database.query<{ sealed: Buffer }>(
      'select totp_sealed as sealed from people where email = $1',
      [email],
    );
    expect(stored?.sealed.toString('latin1')).not.toContain(secret);
  });

  it('shows its sessions and log-ins, and ends a session from another', async () => {
    const { agent, email, password } = await signedUp();
    const other = cabinet.agent();
    await other.post('/api/session').send({ login: email, password }).expect(200);
    const profile = (await agent.get('/api/profile').expect(200)).body as {
      sessions: { name: string; isOwn: boolean }[];
      logins: { outcome: string }[];
    };
    expect(profile.sessions).toHaveLength(2);
    expect(profile.logins[0]?.outcome).toBe('ok');
    const foreign = profile.sessions.find(({ isOwn }) => !isOwn);
    await agent.delete(`/api/profile/sessions/${foreign?.name}`).expect(204);
    await other.get('/api/session').expect(401);
    await agent.put('/api/profile/password').send({ present: 'wrong', next: password }).expect(400);
    await agent
      .put('/api/profile/password')
      .send({ present: password, next: 'третья коза на третьей крыше' })
      .expect(204);
    await agent.get('/api/session').expect(200);
  });
});
