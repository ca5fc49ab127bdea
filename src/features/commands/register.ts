import { commands, Disposable } from "vscode";

/** Every command by its name without the prefix. */
export type CommandTable = Readonly<Record<string, (argument?: unknown) => unknown>>;

/** Registers a table of commands; what one of them throws goes to the log, and to the user as VS Code shows it. */
export function registerCommands(table: CommandTable, onFailure: (error: unknown) => void): Disposable {
  const registered = Object.entries(table).map(([name, run]) =>
    commands.registerCommand(`attentionLoupe.${name}`, async (argument?: unknown) => {
      try {
        return await run(argument);
      } catch (error) {
        onFailure(error);
        throw error;
      }
    }),
  );
  return Disposable.from(...registered);
}
