using Rollouts.Approvals.Settings;
using Rollouts.Approvals.Slack;
using Rollouts.Approvals.Teams;
using Rollouts.Notifications;

namespace Rollouts.Approvals.Channels;

/// <summary>Posts to the channels that the operator has set up.</summary>
internal sealed class ChannelNotifier(IReadOnlyDictionary<string, ChannelSettings> channels, SlackNotifier? slack, TeamsNotifier teams) : INotifier
{
    /// <inheritdoc/>
    public async Task<NoticeReceipt> PostAsync(NoticePost post, CancellationToken cancellationToken)
    {
        try
        {
            if (!channels.TryGetValue(post.Channel, out ChannelSettings? channel))
            {
                throw new PortException(FailureKind.Invalid, $"the operator has set up no channel {post.Channel}");
            }

            return channel.Slack is { } id
                ? await (slack ?? throw new PortException(FailureKind.Invalid, "Slack is not set up here")).PostAsync(id, post, cancellationToken).ConfigureAwait(false)
                : await teams.PostAsync(Secret.Read(channel.Teams, channel.TeamsFile)!, post, cancellationToken).ConfigureAwait(false);
        }
        catch (ChatException failure)
        {
            throw failure.ToPort();
        }
        catch (IOException unreadable)
        {
            throw new PortException(FailureKind.Transient, $"the file of channel {post.Channel} can't be read", unreadable);
        }
    }
}
