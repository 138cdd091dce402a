import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** Fields of an object type, in the order they are declared; a trailing `?` marks one that may be absent. */
export type Fields = readonly string[];

const printer = ts.createPrinter({ removeComments: true });

/** The types a file declares, read from its source: types are gone at run time, and they are what crosses the wires. */
export class Declarations {
  readonly #source: ts.SourceFile;
  readonly #types = new Map<string, ts.InterfaceDeclaration | ts.TypeAliasDeclaration>();

  constructor(path: string) {
    this.#source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
    for (const statement of this.#source.statements) {
      if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) this.#types.set(statement.name.text, statement);
    }
  }

  get names(): readonly string[] {
    return [...this.#types.keys()];
  }

  /** Every declared type without comments and white space of its own: equal texts mean equal types. */
  get spelling(): string {
    return [...this.#types.values()].map((type) => printer.printNode(ts.EmitHint.Unspecified, type, this.#source)).join('\n');
  }

  /** Fields of a declared object type. */
  fields(name: string): Fields {
    const type = this.#types.get(name);
    if (type === undefined) throw new Error(`${this.#source.fileName} declares no ${name}`);
    return fieldsOf(ts.isInterfaceDeclaration(type) ? type.members : this.#membersOf(type.type));
  }

  /** Members of a union of object types, by the literal value of the field that tells them apart. */
  union(name: string, tag: string): ReadonlyMap<string, Fields> {
    const type = this.#types.get(name);
    if (type === undefined || !ts.isTypeAliasDeclaration(type)) throw new Error(`${name} is no union`);
    const members = ts.isUnionTypeNode(type.type) ? type.type.types : [type.type];
    return new Map(
      members.map((member) => {
        const all = [...this.#membersOf(member)];
        const tagged = all.find((one) => ts.isPropertySignature(one) && one.name.getText() === tag);
        const literal = tagged !== undefined && ts.isPropertySignature(tagged) ? tagged.type?.getText() : undefined;
        return [literal?.replace(/^'|'$/g, '') ?? '', fieldsOf(all).filter((field) => field !== tag)];
      }),
    );
  }

  /** Messages of an interface of handlers, with the fields of what each carries; a named payload gives its name instead. */
  handlers(name: string): ReadonlyMap<string, Fields | string> {
    const type = this.#types.get(name);
    if (type === undefined || !ts.isInterfaceDeclaration(type)) throw new Error(`${name} is no interface`);
    return new Map(
      type.members.filter(ts.isPropertySignature).map((member) => {
        const carried = member.type !== undefined && ts.isFunctionTypeNode(member.type) ? member.type.parameters[0]?.type : undefined;
        const fields = carried === undefined || !ts.isTypeLiteralNode(carried) ? (carried?.getText() ?? '') : fieldsOf(carried.members);
        return [member.name.getText().replace(/^'|'$/g, ''), fields];
      }),
    );
  }

  #membersOf(type: ts.TypeNode): readonly ts.TypeElement[] {
    if (ts.isTypeLiteralNode(type)) return [...type.members];
    if (ts.isParenthesizedTypeNode(type)) return this.#membersOf(type.type);
    if (ts.isIntersectionTypeNode(type)) return type.types.flatMap((part) => this.#membersOf(part));
    const named = ts.isTypeReferenceNode(type) ? this.#types.get(type.typeName.getText()) : undefined;
    if (named !== undefined && ts.isInterfaceDeclaration(named)) return [...named.members];
    throw new Error(`not an object type: ${type.getText()}`);
  }
}

function fieldsOf(members: Iterable<ts.TypeElement>): Fields {
  return [...members]
    .filter(ts.isPropertySignature)
    .map((member) => `${member.name.getText()}${member.questionToken === undefined ? '' : '?'}`);
}
