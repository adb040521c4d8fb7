using System.CommandLine;
using System.Text.Json;
using k8s;
using Microsoft.Extensions.Logging.Abstractions;
using Rollouts.Approvals.Settings;
using Rollouts.Cli.Local;
using Rollouts.Cli.Output;
using Rollouts.Cli.Remote;
using Rollouts.Cli.Views;
using Rollouts.Engine;
using Rollouts.Machine;
using Rollouts.Manifests;

namespace Rollouts.Cli.Commands;

/// <summary><c>rollouts run</c>: one rollout in this process, to its end.</summary>
internal static class RunCommand
{
    public static Command Create(CliConsole console)
    {
        Option<string[]> files = SharedOptions.Files();
        Option<string> state = SharedOptions.State();
        ClusterOptions cluster = new();
        Option<bool> failOnPause = SharedOptions.FailOnPause();
        Option<int> port = SharedOptions.Port(0);
        Option<string?> templates = SharedOptions.Templates();
        Option<string?> requester = SharedOptions.Requester();
        ApprovalOptions approvals = new();
        Option<OutputFormat> output = SharedOptions.Output();
        Command command = new("run", "Runs one rollout in this process to its end. Interrupted, it resumes when the same command is given again.")
        {
            files, templates, requester, approvals.Settings, state, failOnPause, port, output,
        };
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ApprovalSettings settings = approvals.Read(parsed);
            using IKubernetes kubernetes = cluster.Connect(parsed);
            Release read = await ReleaseInput
                .ReadAsync(console, parsed.GetRequiredValue(files), LocalTemplates.Open(parsed.GetValue(templates), kubernetes), cancellationToken)
                .ConfigureAwait(false);
            await using LocalEngine local = await LocalEngine
                .OpenAsync(
                    parsed.GetRequiredValue(state), kubernetes, cluster.PrometheusOf(parsed), cluster.WebOf(parsed), NullLoggerFactory.Instance, cancellationToken, settings)
                .ConfigureAwait(false);
            Release release = LocalRules.Admit(local.Approvals, read, parsed.GetValue(requester));
            await using LoopbackServer server = await LoopbackServer
                .StartAsync(local.Engine, parsed.GetValue(port), ServerOptions.EnvironmentKey, cancellationToken, approvals: local.Approvals).ConfigureAwait(false);
            return await FollowAsync(
                console, local.Engine, release, server.Answers, parsed.GetValue(failOnPause), parsed.GetValue(output), cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<int> FollowAsync(
        CliConsole console, IRolloutEngine engine, Release release, AnswerHint answers, bool failOnPause, OutputFormat format, CancellationToken cancellationToken)
    {
        StartResult started = await engine.StartAsync(release, Environment.UserName, cancellationToken).ConfigureAwait(false);
        if (started is { Outcome: StartOutcome.TargetOwned })
        {
            throw new InvalidInputException(started.Reason ?? $"{release.Target} is owned by rollout {started.Owner}; wait for it to end, or abort it");
        }

        if (started is { Outcome: StartOutcome.Unavailable })
        {
            throw new PortException(FailureKind.Transient, $"{release.Target}: {started.Reason}");
        }

        if (started is not { Status: { } first })
        {
            throw new InvalidInputException($"{release.Target} was refused: {started.Reason}");
        }

        RolloutWatch watch = new(engine, console, quiet: format == OutputFormat.Json) { StopAtQuestion = failOnPause, Answers = answers };
        try
        {
            RolloutStatus ended = await watch.FollowAsync(first.Id, cancellationToken).ConfigureAwait(false);
            Print(console, ended, format);
            if (ended.Outcome is not null)
            {
                await LastWord.AwaitAsync(engine, ended.Id, release, cancellationToken).ConfigureAwait(false);
            }

            return ExitCode.Of(ended);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await console.Error.WriteLineAsync("interrupted: the rollout stays as it is; the same command resumes it").ConfigureAwait(false);
            return ExitCode.GaveUp;
        }
    }

    public static void Print(CliConsole console, RolloutStatus status, OutputFormat format) => console.Out.WriteLine(
        format == OutputFormat.Json
            ? JsonSerializer.Serialize(status, RolloutJson.Default.RolloutStatus)
            : $"{status.Outcome?.ToString() ?? status.Phase.ToString()}: {status.Message}");
}
