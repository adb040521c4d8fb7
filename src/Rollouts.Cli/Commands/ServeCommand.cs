using System.CommandLine;
using k8s;
using Microsoft.Extensions.Logging;
using Rollouts.Approvals.Settings;
using Rollouts.Cli.Local;
using Rollouts.Cli.Output;
using Rollouts.Cli.Remote;
using Rollouts.Manifests;

namespace Rollouts.Cli.Commands;

/// <summary><c>rollouts serve</c>: the embedded engine with the HTTP API on loopback.</summary>
internal static class ServeCommand
{
    public static Command Create(CliConsole console)
    {
        Option<string> state = SharedOptions.State();
        ClusterOptions cluster = new();
        Option<int> port = SharedOptions.Port(7070);
        Option<string?> templates = SharedOptions.Templates();
        Command command = new("serve", "Runs the embedded engine with its HTTP API on 127.0.0.1, until interrupted.") { templates, state, port };
        ApprovalOptions approvals = new();
        command.Add(approvals.Settings);
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using ILoggerFactory logging = LoggerFactory.Create(l => l
                .AddSimpleConsole(c => { c.SingleLine = true; c.TimestampFormat = "HH:mm:ss "; c.UseUtcTimestamp = true; })
                .AddFilter("System.Net.Http", LogLevel.Warning)
                .AddFilter("Polly", LogLevel.Warning));
            ApprovalSettings settings = approvals.Read(parsed);
            using IKubernetes kubernetes = cluster.Connect(parsed);
            ITemplateSource sources = LocalTemplates.Open(parsed.GetValue(templates), kubernetes);
            await using LocalEngine local = await LocalEngine
                .OpenAsync(parsed.GetRequiredValue(state), kubernetes, cluster.PrometheusOf(parsed), cluster.WebOf(parsed), logging, cancellationToken, settings)
                .ConfigureAwait(false);
            await using LoopbackServer server = await LoopbackServer
                .StartAsync(local.Engine, parsed.GetValue(port), ServerOptions.EnvironmentKey, cancellationToken, sources, local.Approvals).ConfigureAwait(false);
            await console.Out.WriteLineAsync(
                $"""
                listening on {server.Address}
                dashboard:   {new Uri(server.Address, server.Access.CreateLink())} (works once)
                token:       {(ServerOptions.EnvironmentKey is null ? server.Token : $"that of ${ServerOptions.KeyVariable}")}
                """).ConfigureAwait(false);
            await console.Out.FlushAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ExitCode.Ok;
        });
        return command;
    }
}
