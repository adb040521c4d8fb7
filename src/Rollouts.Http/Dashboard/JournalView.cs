using Rollouts.Http.Pages;
using Rollouts.Journal;

namespace Rollouts.Http.Dashboard;

/// <summary>The journal, newest first, by days.</summary>
internal static class JournalView
{
    private const int MostShown = 200;

    public static Html Of(IReadOnlyList<JournalRecord> journal) => Html.Of(
        $"""
        <h2>Journal</h2>
        {Html.When(journal.Count > MostShown, $"<p class=\"faint\">The last {MostShown} of {journal.Count} records.</p>")}
        <div class="journal">{journal.TakeLast(MostShown).Reverse().GroupBy(Day).Select(OfDay)}</div>
        """);

    private static DateTime Day(JournalRecord record) => (record.Entry?.At ?? record.Decision?.At ?? default).UtcDateTime.Date;

    private static Html OfDay(IGrouping<DateTime, JournalRecord> day) => Html.Of(
        $"""
        <h3><time datetime="{day.Key:yyyy-MM-dd}">{day.Key:yyyy-MM-dd}</time> UTC</h3>
        <ol>{day.Select(Line)}</ol>
        """);

    private static Html Line(JournalRecord record) => record switch
    {
        { Entry: { } entry } => Line(entry.At, entry.Type, Css(entry.Type), entry.Message),
        { Decision: { } decision } => Line(
            decision.At,
            "Decision",
            "plain",
            $"{CommandName.Of(decision.Command)} by {decision.By} over {decision.Channel}{(decision.Reason is { } reason ? $": {reason}" : "")}"),
        _ => Html.None,
    };

    private static Html Line(DateTimeOffset at, string type, string css, string message) => Html.Of(
        $"""<li><time datetime="{at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}">{at.UtcDateTime:HH:mm:ss}</time> <b class="{css}">{type}</b> <span class="message">{message}</span></li>""");

    private static string Css(string type) => type switch
    {
        EventType.AnalysisRunSuccessful or EventType.EffectRecovered => "good",
        EventType.AnalysisRunFailed or EventType.AnalysisRunError or EventType.RolloutAborted or EventType.RolloutInvalid or EventType.EffectFailing => "bad",
        EventType.AnalysisRunInconclusive or EventType.QuestionAsked or EventType.QuestionExpired or EventType.DecisionRejected => "unclear",
        _ => "plain",
    };
}
