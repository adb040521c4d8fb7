using Rollouts.Engine;
using Rollouts.Http.Pages;
using Rollouts.Machine;

namespace Rollouts.Http.Dashboard;

/// <summary>A rollout's state in words. Colour only repeats what the words say.</summary>
internal static class StatusWords
{
    public static Html Badge(RolloutStatus status)
    {
        (string css, string mark) = status switch
        {
            { Phase: RolloutPhase.Healthy } => ("good", "✔"),
            { Phase: RolloutPhase.Degraded } => ("bad", "✖"),
            { Phase: RolloutPhase.Paused } => ("unclear", "‖"),
            _ => ("running", "▶"),
        };
        return Html.Of($"""<span class="badge {css}"><span aria-hidden="true">{mark}</span> {Of(status)}</span>""");
    }

    /// <summary>The outcome, or the phase while there is none.</summary>
    public static string Of(RolloutStatus status) => status.Outcome switch
    {
        RolloutOutcome.RolledBack => "Rolled back",
        RolloutOutcome.FastRolledBack => "Rolled back fast",
        { } outcome => outcome.ToString(),
        null when status.IsRollingBack => "Rolling back",
        null => status.Phase.ToString(),
    };

    public static string WaitingFor(RolloutStatus status) => status.WaitingFor switch
    {
        Machine.WaitingFor.Decision => status.Question is null ? "somebody to resume it" : "a decision",
        Machine.WaitingFor.Pause => "the end of its pause",
        Machine.WaitingFor.Analysis => "its analysis",
        Machine.WaitingFor.Readiness => "the cluster",
        Machine.WaitingFor.Schedule => "its schedule",
        _ => "nothing",
    };

    public static string Step(RolloutStatus status) => status switch
    {
        { Steps.Count: 0 } => "no steps",
        _ when status.Step >= status.Steps.Count => $"all {status.Steps.Count} steps done",
        { Outcome: not null } => $"ended at step {status.Step + 1} of {status.Steps.Count}",
        _ => $"step {status.Step + 1} of {status.Steps.Count}",
    };

    public static Html Weight(RolloutStatus status) => Html.Of(
        $"""
        <meter min="0" max="{status.MaxWeight}" value="{status.Weight}" aria-label="Weight of the canary"></meter>
        <span class="number">{status.Weight} of {status.MaxWeight}</span>
        """);

    public static Html Time(DateTimeOffset at) => Html.Of($"<time datetime=\"{at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\">{at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC</time>");

    /// <summary>With the time left, which the script counts down.</summary>
    public static Html TimeAhead(DateTimeOffset at) =>
        Html.Of($"{Time(at)} {Left(at)}");

    /// <summary>The time left, which the script counts down.</summary>
    public static Html Left(DateTimeOffset at) => Html.Of($"<span class=\"faint\" data-until=\"{at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\"></span>");
}
