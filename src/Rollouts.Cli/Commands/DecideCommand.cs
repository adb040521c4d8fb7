using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Rollouts.Cli.Output;
using Rollouts.Cli.Remote;
using Rollouts.Engine;
using Rollouts.Journal;
using CliCommand = System.CommandLine.Command;

namespace Rollouts.Cli.Commands;

/// <summary>The commands that decide on a rollout on a server: <c>rollouts promote</c>, <c>abort</c> and the others.</summary>
internal static class DecideCommand
{
    /// <summary>How long a command waits to tell what came of its decision. The decision stands all the same.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(300);
    private const int MostJournalPage = 500;

    public static IEnumerable<CliCommand> CreateAll(CliConsole console) =>
    [
        Create(console, Journal.Command.Promote, "Answers the open question with yes, or skips the step under way."),
        Create(console, Journal.Command.PromoteFull, "Skips all that is left and gives the canary all traffic."),
        Create(console, Journal.Command.Abort, "Takes the canary's traffic away at once and ends the rollout."),
        Create(console, Journal.Command.Retry, "Begins an aborted or rolled-back rollout again."),
        Create(console, Journal.Command.Pause, "Holds the weight where it is; a failing analysis still rolls back."),
        Create(console, Journal.Command.Resume, "Ends a pause by hand."),
        Create(console, Journal.Command.Restart, "Replaces the stable pods, maxUnavailable at a time, also after the rollout's end."),
    ];

    private static CliCommand Create(CliConsole console, Journal.Command decides, string description)
    {
        Argument<string> id = SharedOptions.Id();
        Option<string?> reason = new("--reason") { Description = "Why, for the journal", HelpName = "TEXT" };
        Option<string> by = SharedOptions.By();
        Option<string?> question = new("--question") { Description = "Only if this question is still open, for instance q1", HelpName = "QUESTION" };
        Option<OutputFormat> output = SharedOptions.Output();
        ServerOptions servers = new();
        CliCommand command = new(CommandName.Of(decides), description) { id, reason, by, question };
        Option<int?> fromStep = new("--from-step") { Description = "The step to begin at, from 0 to the one at which it ended; default 0, as Argo does", HelpName = "INDEX" };
        if (decides == Journal.Command.Retry)
        {
            command.Add(fromStep);
        }

        servers.AddTo(command);
        command.Add(output);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RemoteServer server = servers.Connect(parsed);
            Decision decision = new()
            {
                Id = RandomNumberGenerator.GetHexString(16, lowercase: true),
                Command = decides,
                By = parsed.GetRequiredValue(by),
                Channel = "cli",
                At = TimeProvider.System.GetUtcNow(),
                Reason = parsed.GetValue(reason),
                Question = parsed.GetValue(question),
                FromStep = decides == Journal.Command.Retry ? parsed.GetValue(fromStep) : null,
            };
            DecisionOutput result = await DecideAsync(server.Rollouts, parsed.GetRequiredValue(id), decision, cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                await console.Out.WriteLineAsync(JsonSerializer.Serialize(result, CliJson.Readable.DecisionOutput)).ConfigureAwait(false);
            }
            else
            {
                await (result.Taken ? console.Out : console.Error).WriteLineAsync(result.Message).ConfigureAwait(false);
            }

            return result.Taken ? ExitCode.Ok : ExitCode.Invalid;
        });
        return command;
    }

    private static async Task<DecisionOutput> DecideAsync(RemoteRollouts rollouts, string id, Decision decision, CancellationToken cancellationToken)
    {
        (DecisionReceipt receipt, string? refusal) = await rollouts.SendAsync(id, decision, cancellationToken).ConfigureAwait(false);
        if (refusal is not null)
        {
            return new DecisionOutput(decision.Id, false, refusal, receipt.Status);
        }

        JournalEntry? answer = await AnswerAsync(rollouts, id, decision.Id, cancellationToken).ConfigureAwait(false);
        return new DecisionOutput(
            decision.Id,
            answer?.Type != EventType.DecisionRejected,
            answer?.Message ?? "recorded; the rollout will act upon it with its next turn",
            await rollouts.FindAsync(id, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>What the rollout made of the decision; null when it had made nothing of it in time.</summary>
    private static async Task<JournalEntry?> AnswerAsync(RemoteRollouts rollouts, string id, string decision, CancellationToken cancellationToken)
    {
        long since = TimeProvider.System.GetTimestamp();
        long after = 0;
        while (TimeProvider.System.GetElapsedTime(since) < Patience)
        {
            IReadOnlyList<JournalRecord> page = await rollouts.ReadJournalAsync(id, after, MostJournalPage, cancellationToken).ConfigureAwait(false) ?? [];
            if (page.FirstOrDefault(r => r.Entry?.DecisionId == decision) is { } found)
            {
                return found.Entry;
            }

            after = page.Count == 0 ? after : page[^1].Position;
            if (page.Count < MostJournalPage)
            {
                await Task.Delay(Every, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }
        }

        return null;
    }
}

/// <summary>What came of a decision, as it is printed.</summary>
/// <param name="Decision">Its id, which also stands in the journal.</param>
/// <param name="Taken">False: refused, and nothing has changed.</param>
/// <param name="Message">What the rollout makes of it.</param>
/// <param name="Status">The rollout afterwards.</param>
internal sealed record DecisionOutput(string Decision, bool Taken, string Message, RolloutStatus? Status);
