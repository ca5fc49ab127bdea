// Stands in for the native watchdog of VS Code, which is not compiled here: ends an extension host whose server is gone.
exports.start = (pid) => {
  const look = () => {
    try {
      process.kill(pid, 0);
    } catch {
      process.exit(87);
    }
  };
  setInterval(look, 1000).unref();
};

exports.exit = (code) => process.exit(code ?? 0);
