using Rollouts.Cli;
using Rollouts.Cli.Output;

return await RolloutsCommand.RunAsync(args, CliConsole.System).ConfigureAwait(false);
