/** Every test gets two minutes: a loaded machine is no failure. */
jest.setTimeout(120_000);
