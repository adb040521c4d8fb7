using Rollouts.Engine;
using Rollouts.Http.Pages;
using Rollouts.Journal;
using Rollouts.Ledger;
using Rollouts.Machine;

namespace Rollouts.Http.Dashboard;

/// <summary>The part of a rollout's page that changes: where it stands, its steps, its weight, its metrics and its journal.</summary>
internal static class RolloutView
{
    public static Html Of(RolloutStatus status, IReadOnlyList<JournalRecord> journal, LedgerEntry? entry, DateTimeOffset now) => Html.Of(
        $"""
        <div data-actions="{string.Join(' ', DecisionForms.Open(status, entry))}" data-question="{status.Question?.Id}" data-announce="{Announcement(status)}">
        <p class="lead">{StatusWords.Badge(status)} <span class="message">{status.Message}</span></p>
        {Asked(status)}
        {Judged(entry?.Judgement)}
        <dl class="facts">
        <div><dt>Weight</dt><dd>{StatusWords.Weight(status)}{Html.When(status.DesiredWeight != status.Weight, $" on its way to {status.DesiredWeight}")}</dd></div>
        <div><dt>Progress</dt><dd>{StatusWords.Step(status)}{Html.When(status.Attempt > 1, $", attempt {status.Attempt}")}</dd></div>
        {Html.When(status.WaitingFor is not null, $"<div><dt>Waits for</dt><dd>{StatusWords.WaitingFor(status)}</dd></div>")}
        {Html.When(status is { NextChangeAt: not null, WaitingFor: not WaitingFor.Decision }, $"<div><dt>Next</dt><dd>{StatusWords.TimeAhead(status.NextChangeAt ?? now)}</dd></div>")}
        {Html.When(status.HeaderRoutes.Count > 0, $"<div><dt>Header routes</dt><dd>{string.Join(", ", status.HeaderRoutes)}</dd></div>")}
        {Pods("Stable pods", status.Workload?.Stable)}{Pods("Canary pods", status.Workload?.Canary)}
        <div><dt>Started</dt><dd>{StatusWords.Time(status.StartedAt)}</dd></div>
        {Html.When(status.FinishedAt is not null, $"<div><dt>Ended</dt><dd>{StatusWords.Time(status.FinishedAt ?? now)}</dd></div>")}
        </dl>
        {WeightChart.Of(status, journal, now)}
        <h2>Steps</h2>
        <ol class="steps">{status.Steps.Select((title, index) => Step(status, title, index))}</ol>
        {MetricsView.Of(status)}
        {JournalView.Of(journal)}
        </div>
        """);

    private static Html Asked(RolloutStatus status) => status.Question is not { } question ? Html.None : Html.Of(
        $"""
        <section class="box asked" aria-labelledby="asked">
        <h2 id="asked">Question {question.Id}: {Words(question.Kind)}</h2>
        <p class="message">{question.Message}</p>
        <p>Promote goes on, roll back takes the canary's traffic away. Asked {StatusWords.Time(question.AskedAt)}; {status.Otherwise}{Html.When(
            question.ExpiresAt is not null, $" {StatusWords.Left(question.ExpiresAt ?? default)}")}.{Html.When(status.Approvals is not null, $" So far: {status.Approvals}.")}</p>
        </section>
        """);

    private static Html Pods(string name, RoleStatus? role) => role is null ? Html.None : Html.Of(
        $"<div><dt>{name}</dt><dd>{role.Available} of {role.Desired} available{Html.When(role.Problem is not null, $": {role.Problem}")}</dd></div>");

    private static Html Judged(Judgement? judgement) => judgement is null ? Html.None : Html.Of(
        $"""
        <p class="box">Judged <b class="{(judgement.Verdict == Verdict.Right ? "good" : "bad")}">{(judgement.Verdict == Verdict.Right ? "right" : "wrong")}</b> by {judgement.By}, {StatusWords.Time(judgement.At)}{Html.When(
            judgement.Reason is not null, $": <span class=\"message\">{judgement.Reason}</span>")}</p>
        """);

    private static string Words(QuestionKind kind) => kind switch
    {
        QuestionKind.Inconclusive => "the analysis is neither good nor bad",
        QuestionKind.NoData => "there is no data",
        QuestionKind.Error => "measurements can't be taken",
        QuestionKind.Pause => "may it go on?",
        QuestionKind.Drift => "somebody else has changed the routing",
        QuestionKind.Share => "the canary does not get its share",
        _ => kind.ToString(),
    };

    private static Html Step(RolloutStatus status, string title, int index)
    {
        bool stopped = status.IsRollingBack || status is { Outcome: not null, Phase: RolloutPhase.Degraded };
        (string css, string mark, string word) = index switch
        {
            _ when index < status.Step => ("good", "✔", "done"),
            _ when index == status.Step && stopped => ("bad", "✖", "stopped here"),
            _ when index == status.Step && status.Outcome is null => ("now", "▶", "under way"),
            _ => ("faint", "·", "not reached"),
        };
        return css == "now"
            ? Html.Of($"""<li class="now" aria-current="step"><span aria-hidden="true">{mark}</span> {title} <span class="faint">{word}</span></li>""")
            : Html.Of($"""<li class="{css}"><span aria-hidden="true">{mark}</span> {title} <span class="unseen">{word}</span></li>""");
    }

    private static string Announcement(RolloutStatus status) =>
        $"{StatusWords.Of(status)}, weight {status.Weight} of {status.MaxWeight}, {StatusWords.Step(status)}: {status.Message}"
        + (status.Question is { } question ? $"; question {question.Id} is open" : "");
}
