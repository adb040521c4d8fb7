using Rollouts.Approvals.Channels;
using Rollouts.Approvals.Links;
using Rollouts.Notifications;
using Rollouts.Questions;

namespace Rollouts.Approvals.Teams;

/// <summary>Writes posts as Adaptive Cards. Their buttons open the page: a webhook's card can't post back.</summary>
internal sealed class TeamsCards(LinkSigner? links)
{
    private const int MostText = 1000;

    public TeamsMessage Write(NoticePost post)
    {
        string title = PostText.Title(post);
        List<CardElement> body = [new TextBlock(Text(title)) { Size = "Large", Weight = "Bolder" }];
        if (PostText.Body(post) is { Length: > 0 } said)
        {
            body.Add(new TextBlock(Text(said)));
        }

        if (post.Evidence is { Metrics.Count: > 0 } evidence)
        {
            body.Add(new FactSet([.. evidence.Metrics.Select(m => new CardFact(Text(m.Name), Text(Metric(m))))]));
            if (links is not null && evidence.Metrics.Any(m => m.Trend.Count > 0))
            {
                body.Add(new CardImage(
                    links.ChartOf(post.Rollout, post.Question!.Id, post.Question.ExpiresAt).ToString(),
                    $"Measurements of {string.Join(", ", evidence.Metrics.Select(m => m.Name))} against their limits"));
            }
        }

        string context = string.Join(" · ", new[] { post.Rollout, post.Where, post.Approvals, post.Otherwise }.OfType<string>());
        body.Add(new TextBlock(Text(context)) { IsSubtle = true });
        return new TeamsMessage([new CardAttachment(new AdaptiveCard { Body = body, Actions = Actions(post), FallbackText = title })]);
    }

    private OpenUrlAction[]? Actions(NoticePost post) => links is not null && PostText.Asks(post)
        ? [new OpenUrlAction("Look and decide", links.PageOf(post.Rollout, post.Question!.Id, post.Question.ExpiresAt).ToString())]
        : null;

    private static string Metric(MetricEvidence metric)
    {
        string stable = metric.Stable is [.., { Value: { } beside }] ? $", stable {TrendPoint.Show(beside)}" : "";
        string trend = metric.Trend.Count > 1 ? $"; {string.Join(" ", metric.Trend.Select(t => t.Value is { } value ? TrendPoint.Show(value) : "–"))}" : "";
        return $"{metric.Latest}{stable} ({metric.LimitText}{(metric.Counts.Length > 0 ? $"; {metric.Counts}" : "")}{(metric.DryRun ? "; dry run" : "")}){trend}";
    }

    /// <summary>Bounded, and without what a card reads as format: nobody's words become a link.</summary>
    private static string Text(string text)
    {
        string bounded = text.Length <= MostText ? text : string.Concat(text.AsSpan(0, MostText - 1), "…");
        return string.Concat(bounded.Select(c => c is '[' or ']' or '*' or '_' or '`' or '#' ? $"\\{c}" : $"{c}"));
    }
}
