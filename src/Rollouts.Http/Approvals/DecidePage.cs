using Microsoft.AspNetCore.Http;
using Rollouts.Engine;
using Rollouts.Http.Pages;
using Rollouts.Machine;
using Rollouts.Questions;

namespace Rollouts.Http.Approvals;

/// <summary>What the page says: the question, its evidence, and a form; or what became of it.</summary>
internal static class DecidePage
{
    /// <summary>How long a reason may be.</summary>
    public const int MostReason = 500;

    private static readonly InlineAsset Script = InlineAsset.FromFile("Approvals.decide.js");

    /// <summary>The page that a link leads to. It knows of no rollout: the script asks for the question.</summary>
    public static Page Empty { get; } = new()
    {
        Title = "Question",
        Scripts = [Script],
        Body = Html.Of(
            $"""
            <div id="question"><h1>A rollout asks</h1><p class="faint">Fetching the question …</p></div>
            <p id="status" class="unseen" role="status"></p>
            <noscript><p class="box">This page needs JavaScript, because the link's secret is kept out of what browsers send by themselves. <code>rollouts promote</code>, <code>rollouts abort</code> and the dashboard answer, too.</p></noscript>
            """),
    };

    public static Fragment Ask(RolloutStatus status, Question asked, string token, string formToken, string? chart, string? signedInAs) => new(Html.Of(
        $"""
        <h1>Rollout of {status.Namespace}/{status.Name} asks: go on?</h1>
        <p class="box">{asked.Message}</p>
        <p class="faint">{status.Id} · step {Math.Min(status.Step + 1, status.Steps.Count)} of {status.Steps.Count} · weight {status.Weight} of {status.MaxWeight}</p>
        <p>{Capital(status.Otherwise)}.{Html.When(status.Approvals is not null, $" So far: {status.Approvals}.")}</p>
        {Evidence(QuestionEvidence.Of(status), chart)}
        <form method="post" action="decide" autocomplete="off">
        <input type="hidden" name="t" value="{token}">
        <input type="hidden" name="f" value="{formToken}">
        <label for="reason">Why (goes into the journal)</label>
        <textarea id="reason" name="reason" rows="2" maxlength="{MostReason}"></textarea>
        <div class="buttons">
        <button type="submit" name="answer" value="promote">Approve and go on</button>
        <button type="submit" name="answer" value="abort" class="danger">Roll back</button>
        </div>
        <p class="faint">{(signedInAs is null ? "Whoever has this link can answer, once." : $"Signed in as {signedInAs}.")}</p>
        </form>
        """));

    /// <summary>What became of it, instead of the question.</summary>
    public static Fragment SaidInstead(int status, string title, string text) => new(Words(title, text), status);

    /// <summary>What became of an answer.</summary>
    public static Page Said(int status, string title, string text) => new() { Status = status, Title = title, Body = Words(title, text) };

    private static Html Words(string title, string text) => Html.Of(
        $"""
        <h1>{title}</h1>
        <p class="box" role="status">{text}</p>
        """);

    private static string? Capital(string? text) => text is { Length: > 0 } ? char.ToUpperInvariant(text[0]) + text[1..] : text;

    private static Html Evidence(QuestionEvidence evidence, string? chart) => Html.When(
        evidence.Metrics.Count > 0,
        $"""
        <h2>Measurements</h2>
        {Html.When(chart is not null, $"<img src=\"{chart}\" alt=\"Chart of the measurements in the table below\" width=\"760\">")}
        <div class="scroll" tabindex="0" role="region" aria-label="Measurements">
        <table>
        <thead><tr><th scope="col">Metric</th><th scope="col">Last</th><th scope="col">Limits</th><th scope="col">So far</th><th scope="col">Trend</th></tr></thead>
        <tbody>
        {evidence.Metrics.Select(Row)}
        </tbody>
        </table>
        </div>
        """);

    private static Html Row(MetricEvidence metric) => Html.Of(
        $"""
        <tr><th scope="row">{metric.Name}{Html.When(metric.DryRun, $" <span class=\"faint\">(dry run)</span>")}</th>
        <td>{metric.Latest}{Html.When(metric.Stable is [.., { Value: not null }], $" <span class=\"faint\">stable {TrendPoint.Show(metric.Stable[^1].Value!.Value)}</span>")}</td>
        <td>{metric.LimitText}</td><td>{metric.Counts}</td>
        <td>{string.Join(" ", metric.Trend.Select(t => t.Value is { } value ? TrendPoint.Show(value) : "–"))}</td></tr>

        """);
}
