using Rollouts.Http.Pages;
using Rollouts.Journal;

namespace Rollouts.Http.Dashboard;

/// <summary>The journal, newest first.</summary>
internal static class JournalView
{
    private const int MostShown = 200;

    public static Html Of(IReadOnlyList<JournalRecord> journal) => Html.Of(
        $"""
        <h2>Journal</h2>
        {Html.When(journal.Count > MostShown, $"<p class=\"faint\">The last {MostShown} of {journal.Count} records.</p>")}
        <ol class="journal">{journal.TakeLast(MostShown).Reverse().Select(Line)}</ol>
        """);

    private static Html Line(JournalRecord record) => record switch
    {
        { Entry: { } entry } => Html.Of(
            $"""<li><time datetime="{entry.At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}">{entry.At.UtcDateTime:HH:mm:ss}</time> <b class="{Css(entry.Type)}">{entry.Type}</b> <span class="message">{entry.Message}</span></li>"""),
        { Decision: { } decision } => Html.Of(
            $"""
            <li><time datetime="{decision.At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}">{decision.At.UtcDateTime:HH:mm:ss}</time> <b>Decision</b> <span class="message">{
                CommandName.Of(decision.Command)} by {decision.By} over {decision.Channel}{Html.When(decision.Reason is not null, $": {decision.Reason}")}</span></li>
            """),
        _ => Html.None,
    };

    private static string Css(string type) => type switch
    {
        EventType.AnalysisRunSuccessful or EventType.EffectRecovered => "good",
        EventType.AnalysisRunFailed or EventType.AnalysisRunError or EventType.RolloutAborted or EventType.RolloutInvalid or EventType.EffectFailing => "bad",
        EventType.AnalysisRunInconclusive or EventType.QuestionAsked or EventType.QuestionExpired or EventType.DecisionRejected => "unclear",
        _ => "plain",
    };
}
