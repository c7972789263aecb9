/** Tests with servers and processes get half a minute: a loaded machine is no failure. */
jest.setTimeout(30_000);
