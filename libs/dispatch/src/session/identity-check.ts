import { FarmError } from '@kkt/contracts';
import type { DeviceIdentity, FiscalDevice } from '@kkt/kkt-driver';
import type { DispatchPorts } from '../ports';
import type { RegisterView } from './view';

type AlertClass = 'wrong_module' | 'wrong_model' | 'wrong_fn';

/** Whether the inventory's module and FN are behind the port: asked before anything is written to them. */
export class IdentityCheck {
  constructor(
    private readonly ports: Pick<DispatchPorts, 'alerts' | 'models'>,
    private readonly view: RegisterView,
    private readonly device: Pick<FiscalDevice, 'identity' | 'fnState'>,
  ) {}

  /**
   * @throws `SYS-WRONG-DEVICE` when another module or FN answers; `SYS-WRONG-MODEL` when the module is of another
   * model than the inventory says: its profile would not fit; the device's own refusal (`DEVICE-FN-FAULT`,
   * `DEVICE-FN-LINK`…) when the right module has no FN that tells its number
   */
  async pass(): Promise<DeviceIdentity> {
    const identity = await this.device.identity();
    const { register } = this.view;
    const { serial, fnNumber } = identity;
    const facts = { serialSeen: serial, fnSeen: fnNumber, fnExpected: register.fnNumber };
    if (serial !== register.serial) {
      await this.raise(
        'wrong_module',
        `На порту кассы ${register.serial} отвечает другой модуль: ${serial}`,
        facts,
      );
      throw wrongDevice(identity);
    }
    // A word that names no known model can be compared with nothing.
    const model = this.ports.models?.named(register.model);
    if (model && model.code !== identity.modelCode) {
      const { modelCode, modelName } = identity;
      await this.raise(
        'wrong_model',
        `Касса ${register.serial} — ${modelName} (код модели ${modelCode}), по учёту ${model.name}`,
        { ...facts, modelSeen: modelName, modelCodeSeen: modelCode, modelExpected: model.name },
      );
      throw new FarmError('SYS-WRONG-MODEL', 'The module is of another model than the inventory says', {
        serial,
        modelCode,
        expected: model.code,
      });
    }
    // While an FN is being changed the slot may be empty or hold another one: the workflow looks at it.
    const isOther = register.state !== 'swap' && register.fnNumber !== null && fnNumber !== register.fnNumber;
    if (isOther && fnNumber === '') return this.tellWhySilent();
    if (isOther) {
      await this.raise(
        'wrong_fn',
        `В кассе ${register.serial} стоит ФН ${fnNumber}, по учёту ${register.fnNumber}`,
        facts,
      );
      throw wrongDevice(identity);
    }
    await this.ports.alerts.close('wrong_module', 'register', register.registerId);
    await this.ports.alerts.close('wrong_model', 'register', register.registerId);
    await this.ports.alerts.close('wrong_fn', 'register', register.registerId);
    return identity;
  }

  /** The identity only says that no FN told its number; a question about its state is refused with the cause. */
  private async tellWhySilent(): Promise<never> {
    const { fnNumber } = await this.device.fnState();
    throw new FarmError('SYS-FN-CHANGED', 'The FN fell silent for a moment and speaks again', { fnNumber });
  }

  private raise(
    alertClass: AlertClass,
    text: string,
    facts: Record<string, string | number | boolean | null>,
  ): Promise<void> {
    const objectId = this.view.register.registerId;
    const about = { class: alertClass, objectKind: 'register', objectId, severity: 2 } as const;
    return this.ports.alerts.raise({ ...about, text, facts });
  }
}

const wrongDevice = ({ serial, fnNumber }: DeviceIdentity): FarmError =>
  new FarmError('SYS-WRONG-DEVICE', 'Another module or FN is behind this port', { serial, fnNumber });
