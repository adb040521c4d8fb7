using System.Globalization;
using Rollouts.Http.Pages;
using Rollouts.Ledger;
using Rollouts.Machine;

namespace Rollouts.Http.Dashboard;

/// <summary>The ledger: counts and rates per service and template, and the outcomes that nobody has judged yet.</summary>
internal static class LedgerView
{
    private const int MostUnjudged = 20;

    public static Html Of(LedgerReport report, IReadOnlyList<LedgerEntry> entries, string site)
    {
        if (entries.Count == 0)
        {
            return Html.Of($"<h1>Ledger</h1><p>Nothing has ended since {Day(report.Since)}.</p>");
        }

        LedgerEntry[] unjudged = [.. entries.Where(e => e.Judgement is null && e.Row.Outcome == RolloutOutcome.RolledBack).Take(MostUnjudged)];
        return Html.Of(
            $"""
            <h1>Ledger</h1>
            <p>Since {Day(report.Since)}: {Count(report.All.Deployments, "deployment")}, {Count(report.All.AutomaticRollbacks, "automatic rollback")} ({report.All.Correct} correct, {report.All.False} false), {report.All.Missed} missed.
            {Answers(report.All)}</p>
            {Table("Services", "service", report.Services)}
            {Table("Analysis templates", "template", report.Templates)}
            <p class="faint">A rollback that was judged wrong is false; a promotion that was judged wrong was missed. A rollback counts for the templates whose metrics failed.</p>
            {Html.When(unjudged.Length > 0, $"<h2>Rollbacks to judge</h2><ul>{unjudged.Select(e => Item(e.Row, site))}</ul>")}
            """);
    }

    private static Html Table(string title, string first, IReadOnlyList<LedgerCounts> rows) => Html.When(rows.Count > 0,
        $"""
        <h2>{title}</h2>
        <div class="scroll" tabindex="0" role="region" aria-label="{title}"><table>
        <thead><tr><th scope="col">{first}</th><th scope="col">deployments</th><th scope="col">rollbacks</th><th scope="col">correct</th><th scope="col">false</th><th scope="col">missed</th><th scope="col">decisions</th><th scope="col">answered within</th></tr></thead>
        <tbody>{rows.Select(Row)}</tbody>
        </table></div>
        """);

    private static Html Row(LedgerCounts counts) => Html.Of(
        $"""
        <tr><th scope="row">{counts.Name}</th><td>{counts.Deployments}</td><td>{counts.AutomaticRollbacks}{Rate(counts.RollbackRate)}</td><td>{counts.Correct}</td><td>{counts.False}{Rate(counts.FalseRate)}</td><td>{counts.Missed}{Rate(counts.MissRate)}</td><td>{counts.Decisions}</td><td>{(counts.MedianAnswerSeconds is { } median ? Span(median) : "–")}</td></tr>
        """);

    private static Html Item(LedgerRow row, string site) => Html.Of(
        $"""<li><a href="{site}/rollouts/{Uri.EscapeDataString(row.RolloutId)}">{row.Service}</a> <span class="faint">{StatusWords.Time(row.FinishedAt)}</span> <span class="message">{row.Message}</span></li>""");

    private static Html Rate(double? rate) =>
        Html.When(rate is > 0, $" <span class=\"faint\">({((rate ?? 0) * 100).ToString("0.#", CultureInfo.InvariantCulture)} %)</span>");

    private static string Answers(LedgerCounts all) => all.MedianAnswerSeconds is { } median
        ? $"People took {Count(all.Decisions, "decision")}; half of {Count(all.Answers, "answer")} came within {Span(median)}, the slowest after {Span(all.LongestAnswerSeconds ?? median)}."
        : $"People took {Count(all.Decisions, "decision")}.";

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private static string Span(int seconds) => GoDuration.Format(TimeSpan.FromSeconds(seconds));

    private static string Day(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM-dd}";
}
