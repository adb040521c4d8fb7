using System.CommandLine;
using Rollouts.Cli.Output;
using Rollouts.Cli.Remote;
using Rollouts.Cli.Views;
using Rollouts.Engine;

namespace Rollouts.Cli.Commands;

/// <summary>How a command follows a rollout on a server to its end.</summary>
internal sealed class FollowOptions
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    public Option<bool> FailOnPause { get; } = SharedOptions.FailOnPause();

    public Option<TimeSpan?> Limit { get; } = new("--timeout")
    {
        Description = "Give up waiting after so long, for instance 45m, with exit code 3; the rollout goes on. Until then a server that does not answer is "
            + "asked again. Default: wait for ever, 3m for a server that does not answer",
        HelpName = "DURATION",
        CustomParser = given =>
        {
            string text = given.Tokens[0].Value;
            if (GoDuration.TryParse(text, out TimeSpan limit) && limit > TimeSpan.Zero && limit <= TimeSpan.FromDays(30))
            {
                return limit;
            }

            given.AddError($"--timeout {text}: must be a duration such as 90s, 45m or 2h, at most 720h");
            return null;
        },
    };

    public void AddTo(Command command)
    {
        command.Add(FailOnPause);
        command.Add(Limit);
    }

    /// <summary>Follows a rollout, prints how it ended, and gives the exit code of that.</summary>
    /// <param name="console">Where it is told.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="server">Where the rollout is.</param>
    /// <param name="id">The rollout.</param>
    /// <param name="output">How its end is printed.</param>
    /// <param name="wasLetIn">Whether the server has taken the key before: if it does so no more, waiting ends and the rollout goes on.</param>
    /// <param name="cancellationToken">Interrupts the waiting.</param>
    public async Task<int> FollowAsync(
        CliConsole console, ParseResult parsed, RemoteServer server, string id, OutputFormat output, bool wasLetIn, CancellationToken cancellationToken)
    {
        TimeSpan? patience = parsed.GetValue(Limit);
        using var limit = new CancellationTokenSource(patience ?? Timeout.InfiniteTimeSpan, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        RolloutWatch watch = new(server.Rollouts, console, quiet: output == OutputFormat.Json)
        {
            StopAtQuestion = parsed.GetValue(FailOnPause),
            Answers = new AnswerHint(server.Address, null),
            Every = Every,
            Patience = patience ?? RolloutWatch.UsualPatience,
            OnUpdate = (_, _) =>
            {
                wasLetIn = true;
                return Task.CompletedTask;
            },
        };
        try
        {
            RolloutStatus ended = await watch.FollowAsync(id, either.Token).ConfigureAwait(false);
            RunCommand.Print(console, ended, output);
            return ExitCode.Of(ended);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            await console.Error.WriteLineAsync(
                $"{(cancellationToken.IsCancellationRequested ? "interrupted" : $"gave up waiting after {GoDuration.Format(patience!.Value)}")}: the rollout goes on; "
                + $"rollouts watch {id} follows it again").ConfigureAwait(false);
            return ExitCode.GaveUp;
        }
        catch (InvalidInputException refused) when (refused.IsKeyRefused && wasLetIn)
        {
            await console.Error.WriteLineAsync(
                "gave up waiting: 401: the server does not take the key any more; an Entra token is good for an hour or so. The rollout goes on; "
                + $"rollouts watch {id} with a new one follows it again").ConfigureAwait(false);
            return ExitCode.GaveUp;
        }
        catch (PortException away)
        {
            await console.Error.WriteLineAsync($"gave up waiting: {away.Message}").ConfigureAwait(false);
            return ExitCode.GaveUp;
        }
    }
}
