import request from 'supertest';
import { notify } from '@kkt/notifications';
import { NotificationStore } from '@kkt/storage';
import { startTestConsole, type TestConsole } from '../../test/test-console';

let closed: TestConsole;
let open: TestConsole;

beforeAll(async () => {
  closed = await startTestConsole();
  open = await startTestConsole({ mailboxOpen: true });
  for (const { database } of [open, closed]) {
    const store = new NotificationStore(database);
    const fileId = '01900000-0000-7000-8000-0000000000f1';
    await store.addFile(fileId, 'application/pdf', Buffer.from('PDF'));
    await notify(database, {
      kind: 'message',
      params: {
        subject: 'Код <входа>',
        text: 'Ваш код 4321\nhttp://127.0.0.1:1/x?a=1&b=2 <script>alert(1)</script>',
      },
      to: { kind: 'address', id: 'buyer@shop.example' },
      channel: 'email',
      event: 'code:1',
      attachments: [{ name: 'чек.pdf', contentType: 'application/pdf', fileId }],
    });
    const [row] = await store.list({ limit: 1 });
    await store.record({
      id: row?.id ?? '',
      state: 'sent',
      gateway: 'mailbox',
      address: 'buyer@shop.example',
    });
  }
});

afterAll(async () => {
  await closed.stop();
  await open.stop();
});

describe('the mailbox', () => {
  it('is closed to strangers unless it is a demonstration', async () => {
    await request(closed.url).get('/mailbox').expect(302);
    await request(closed.url).get('/api/mailbox').expect(401);
    await request(closed.url).get('/mailbox/1/files/0').expect(401);
    const engineer = await closed.loggedIn('engineer');
    await engineer.get('/mailbox').expect(200);
  });

  it('shows messages as text, never as markup', async () => {
    const { text } = await request(open.url)
      .get('/mailbox')
      .expect(200)
      .expect('content-type', /text\/html/);
    expect(text).toContain('Код &lt;входа&gt;');
    expect(text).not.toContain('<script>');
    expect(text).toContain('<a href="http://127.0.0.1:1/x?a=1&amp;b=2"');
    await request(open.url)
      .get('/pages.css')
      .expect(200)
      .expect('content-type', /text\/css/);
  });

  it('is read by scripts as JSON, and searched', async () => {
    const { body } = await request(open.url).get('/api/mailbox?search=4321&channel=email').expect(200);
    expect(body).toMatchObject({
      messages: [
        { to: 'buyer@shop.example', channel: 'email', kind: 'message', files: [{ name: 'чек.pdf' }] },
      ],
      next: null,
    });
    expect((await request(open.url).get('/api/mailbox?search=nobody').expect(200)).body).toMatchObject({
      messages: [],
    });
    await request(open.url).get('/api/mailbox?channel=pigeon').expect(400);
  });

  it('hands out attachments as downloads', async () => {
    const { body } = await request(open.url).get('/api/mailbox').expect(200);
    const id = (body as { messages: { id: string }[] }).messages[0]?.id;
    await request(open.url)
      .get(`/mailbox/${id}/files/0`)
      .expect(200)
      .expect('content-disposition', /attachment/)
      .expect('content-type', 'application/octet-stream');
    await request(open.url).get(`/mailbox/${id}/files/1`).expect(404);
  });
});
