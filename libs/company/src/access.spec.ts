import fc from 'fast-check';
import { Access, CompanyTree, companyRoles, companyWide, rights, rightsOfRole, type TreeNode } from './index';

const node = (
  id: string,
  kind: TreeNode['kind'],
  parentId: string | null,
  groupId: number | null = null,
): TreeNode => ({
  id,
  kind,
  parentId,
  groupId,
  name: id.toUpperCase(),
});

const nodes = [
  node('c', 'company', null),
  node('b1', 'brand', 'c'),
  node('b2', 'brand', 'c'),
  node('r1', 'region', 'b1'),
  node('s1', 'shop', 'r1'),
  node('s2', 'shop', 'b2'),
  node('g1', 'group', 's1', 1),
  node('g2', 'group', 's2', 2),
  node('g3', 'group', 'c', 3),
];
const tree = new CompanyTree(nodes);

describe('CompanyTree', () => {
  it('knows paths, what is below and the groups of a node', () => {
    expect(tree.pathOf('g1')).toEqual(['C', 'B1', 'R1', 'S1', 'G1']);
    expect([...tree.downwards('b1')].map(({ id }) => id)).toEqual(['b1', 'r1', 's1', 'g1']);
    expect(tree.groupsBelow('c')).toEqual([1, 2, 3]);
    expect(tree.groupsBelow('nothing')).toEqual([]);
  });

  it.each([
    ['two roots', [...nodes, node('c2', 'company', null)], 'один корень'],
    ['no root', [], 'один корень'],
    ['a lost parent', [...nodes, node('x', 'shop', 'nobody')], 'Нет узла nobody'],
    ['a shop within a group', [...nodes, node('x', 'shop', 'g1')], 'не может находиться'],
    ['a brand within a brand', [...nodes, node('x', 'brand', 'b1')], 'не может находиться'],
  ])('refuses %s', (_, wrong, why) => {
    expect(() => new CompanyTree(wrong)).toThrow(why);
  });

  it('lets a node be moved only to a larger one outside itself', () => {
    expect(() => tree.checkMove('s1', 'b2')).not.toThrow();
    expect(() => tree.checkMove('g3', 's1')).not.toThrow();
    expect(() => tree.checkMove('b1', 's1')).toThrow('внутрь самого себя');
    expect(() => tree.checkMove('r1', 's2')).toThrow('не может находиться');
    expect(() => tree.checkMove('c', 'b1')).toThrow('Компанию');
  });
});

describe('Access', () => {
  it('holds at the node and below, not beside', () => {
    const access = new Access(tree, [{ nodeId: 'b1', role: 'manager' }]);
    expect(access.can('registers:act', 'g1')).toBe(true);
    expect(access.can('registers:act', 'b1')).toBe(true);
    expect(access.can('registers:act', 'c')).toBe(false);
    expect(access.can('registers:act', 'g2')).toBe(false);
    expect(access.groups('receipts:read')).toEqual([1]);
    expect(access.canSomewhere('receipts:read')).toBe(true);
    expect(access.canEverywhere('receipts:read')).toBe(false);
    expect(() => access.must('registers:act')).toThrow(expect.objectContaining({ code: 'CLIENT-FORBIDDEN' }));
  });

  it('adds up what was given at several nodes', () => {
    const access = new Access(tree, [
      { nodeId: 's1', role: 'cashier' },
      { nodeId: 'b2', role: 'developer' },
    ]);
    expect(access.groups('receipts:read')).toEqual([1, 2]);
    expect(access.groups('receipts:make')).toEqual([1]);
    expect(access.groups('integration:write')).toEqual([2]);
  });

  it('gives what belongs to the whole company only at its root', () => {
    const part = new Access(tree, [{ nodeId: 'b1', role: 'accountant' }]);
    expect(part.canSomewhere('money:read')).toBe(false);
    expect(part.can('receipts:make', 'g1')).toBe(true);
    expect(new Access(tree, [{ nodeId: 'c', role: 'accountant' }]).can('money:read', 'c')).toBe(true);
  });

  it('lets people be invited only by an owner of the whole, never above his own rights', () => {
    const owner = new Access(tree, [{ nodeId: 'c', role: 'owner' }]);
    for (const role of companyRoles) expect(owner.canGive(role, 'c')).toBe(true);
    const partOwner = new Access(tree, [{ nodeId: 'b1', role: 'owner' }]);
    for (const role of companyRoles) expect(partOwner.canGive(role, 'b1')).toBe(false);
  });

  it('gives nothing for a node that is gone, and nothing without a grant', () => {
    const access = new Access(tree, [{ nodeId: 'gone', role: 'owner' }]);
    for (const right of rights) for (const { id } of nodes) expect(access.can(right, id)).toBe(false);
    expect(access.groups('receipts:read')).toEqual([]);
  });

  it('never reaches outside of what was given, whatever was given', () => {
    const grant = fc.record({
      nodeId: fc.constantFrom(...nodes.map(({ id }) => id)),
      role: fc.constantFrom(...companyRoles),
    });
    fc.assert(
      fc.property(fc.array(grant, { maxLength: 4 }), (grants) => {
        const access = new Access(tree, grants);
        for (const right of rights)
          for (const { id } of nodes) {
            const above = [...tree.upwards(id)].map((one) => one.id);
            const expected = grants.some(
              ({ nodeId, role }) =>
                above.includes(nodeId) &&
                rightsOfRole[role].includes(right) &&
                (nodeId === 'c' || !companyWide.has(right)),
            );
            expect([right, id, access.can(right, id)]).toEqual([right, id, expected]);
          }
      }),
    );
  });
});
