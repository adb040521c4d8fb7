using Rollouts.Approvals.Channels;
using Rollouts.Approvals.Links;
using Rollouts.Notifications;
using Rollouts.Questions;

namespace Rollouts.Approvals.Slack;

/// <summary>Writes posts in Block Kit: the question with its evidence and two buttons while it is open, who decided and when once it is closed.</summary>
internal sealed class SlackMessages(LinkSigner? links)
{
    /// <summary>What the metadata of our posts is called.</summary>
    public const string EventType = "rollout_notice";

    /// <summary>The action of the button that lets a rollout go on.</summary>
    public const string Promote = "promote";

    /// <summary>The action of the button that rolls back.</summary>
    public const string Abort = "abort";

    /// <summary>The action of the button that opens the page.</summary>
    public const string Details = "details";

    private const int MostHeader = 150;
    private const int MostSection = 2900;

    public SlackMessage Write(NoticePost post, bool withChart = true)
    {
        string title = PostText.Title(post);
        List<SlackBlock> blocks = [new HeaderBlock(new PlainText(SlackText.Short(title, MostHeader)))];
        if (PostText.Body(post) is { Length: > 0 } body)
        {
            blocks.Add(Section(SlackText.Escape(body)));
        }

        if (post.Evidence is { Metrics.Count: > 0 } evidence)
        {
            blocks.AddRange(evidence.Metrics.Select(m => Section(Metric(m))));
            if (withChart && links is not null && evidence.Metrics.Any(m => m.Trend.Count > 0))
            {
                blocks.Add(new ImageBlock(
                    links.ChartOf(post.Rollout, post.Question!.Id, post.Question.ExpiresAt).ToString(),
                    SlackText.Short($"Measurements of {string.Join(", ", evidence.Metrics.Select(m => m.Name))} against their limits", 1000)));
            }
        }

        blocks.Add(new ContextBlock([.. Context(post).Select(c => new MarkdownText(SlackText.Short(c, MostSection)))]));
        if (PostText.Asks(post))
        {
            blocks.Add(Buttons(post));
        }

        return new SlackMessage
        {
            Text = SlackText.Short(SlackText.Escape($"{title}{(title.EndsWith('?') ? "" : ".")} {PostText.Body(post)}".Trim()), MostSection),
            Blocks = blocks,
            Metadata = new SlackMetadata(EventType, new SlackMetadataPayload(post.Rollout, post.Key)),
        };
    }

    private static IEnumerable<string> Context(NoticePost post)
    {
        yield return $"{SlackText.Code(post.Rollout)} · {SlackText.Escape(post.Where)}";
        if (post.Approvals is { } approvals)
        {
            yield return SlackText.Escape(approvals);
        }

        if (post.Otherwise is { } otherwise)
        {
            yield return SlackText.Escape(otherwise);
        }
    }

    private static string Metric(MetricEvidence metric)
    {
        string stable = metric.Stable is [.., { Value: { } beside }] ? $", stable {TrendPoint.Show(beside)}" : "";
        string shown = metric.DryRun ? " (dry run)" : "";
        string trend = string.Join(" ", metric.Trend.Select(t => t.Value is { } value ? TrendPoint.Show(value) : "–"));
        return $"{SlackText.Code(metric.Name)} {SlackText.Code(metric.Latest)}{stable}{shown}\n{SlackText.Escape(metric.LimitText)}"
            + (metric.Counts.Length > 0 ? $"\n{SlackText.Escape(metric.Counts)}" : "")
            + (metric.Trend.Count > 1 ? $"\n{SlackText.Code(trend)}" : "");
    }

    private ActionsBlock Buttons(NoticePost post)
    {
        string gate = post.Question!.Id;
        ConfirmDialog confirm = new(
            new PlainText("Roll back?"),
            new PlainText(SlackText.Short($"The canary of {post.Namespace}/{post.Name} loses its traffic, and the rollout ends.", 300)),
            new PlainText("Roll back"),
            new PlainText("Keep it"),
            "danger");
        List<ButtonElement> buttons = [];
        if (links is not null && !post.SignIn)
        {
            buttons.Add(new ButtonElement
            {
                ActionId = Promote,
                Text = new PlainText("Approve"),
                Style = "primary",
                Value = links.Sign(post.Rollout, gate, LinkPurpose.Promote, post.Question.ExpiresAt),
            });
            buttons.Add(new ButtonElement
            {
                ActionId = Abort,
                Text = new PlainText("Roll back"),
                Style = "danger",
                Value = links.Sign(post.Rollout, gate, LinkPurpose.Abort, post.Question.ExpiresAt),
                Confirm = confirm,
            });
        }

        if (links is not null)
        {
            buttons.Add(new ButtonElement
            {
                ActionId = Details,
                Text = new PlainText("Details"),
                Url = links.PageOf(post.Rollout, gate, post.Question.ExpiresAt).ToString(),
            });
        }

        return new ActionsBlock(gate, buttons);
    }

    private static SectionBlock Section(string text) => new(new MarkdownText(SlackText.Short(text, MostSection)));
}
