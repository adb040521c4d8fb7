using Rollouts.Engine;
using Rollouts.Http.Pages;

namespace Rollouts.Http.Dashboard;

/// <summary>The list of rollouts: where each stands and what it waits for.</summary>
internal static class RolloutListView
{
    public static Html Of(IReadOnlyList<RolloutStatus> rollouts, string site)
    {
        if (rollouts.Count == 0)
        {
            return Html.Of($"<p>No rollout yet. <code>rollouts start -f release.yaml</code> starts one.</p>");
        }

        int waiting = rollouts.Count(r => r.WaitingFor == Machine.WaitingFor.Decision);
        return Html.Of(
            $"""
            <p data-announce="{Waiting(waiting)}">{Waiting(waiting)}</p>
            <ul class="rollouts">{rollouts.Select(r => Item(r, site))}</ul>
            """);
    }

    private static string Waiting(int count) => count switch
    {
        0 => "None waits for a decision.",
        1 => "One waits for a decision.",
        _ => $"{count} wait for a decision.",
    };

    private static Html Item(RolloutStatus status, string site) => Html.Of(
        $"""
        <li class="box">
        <h2><a href="{site}/rollouts/{Uri.EscapeDataString(status.Id)}">{status.Namespace}/{status.Name}</a> {StatusWords.Badge(status)}</h2>
        <div class="facts"><span>{StatusWords.Weight(status)}</span> <span>{StatusWords.Step(status)}</span>{Html.When(
            status.WaitingFor is not null, $" <span>waits for {StatusWords.WaitingFor(status)}</span>")} <span class="faint">started {StatusWords.Time(status.StartedAt)}</span></div>
        <p class="message">{status.Message}</p>
        </li>
        """);
}
