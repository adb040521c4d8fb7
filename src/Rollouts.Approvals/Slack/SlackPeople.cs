using System.Collections.Concurrent;
using Rollouts.Approvals.Channels;
using Rollouts.Approvals.Settings;
using Rollouts.Journal;
using Rollouts.Policy;

namespace Rollouts.Approvals.Slack;

/// <summary>Who Slack's users are. Memberships are asked for at most once a minute; where Slack can't be asked, somebody is in no group.</summary>
internal sealed class SlackPeople(SlackClient slack, SlackSettings settings, TimeProvider time)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, (DateTimeOffset At, IReadOnlyList<string> Members)> groups = new();

    /// <summary>Why a user may not use buttons and commands here at all; null when they may.</summary>
    public async Task<string?> RefuseAsync(string team, string user, CancellationToken cancellationToken)
    {
        if (!settings.Teams.Contains(team, StringComparer.Ordinal))
        {
            return $"the Slack workspace {SlackText.Short(team, 30)} is not let in here";
        }

        bool open = settings.Users.Count == 0 && settings.UserGroups.Count == 0;
        return open || settings.Users.Contains(user, StringComparer.Ordinal) || (await GroupsOfAsync(user, settings.UserGroups, cancellationToken).ConfigureAwait(false)).Count > 0
            ? null
            : $"the Slack user {SlackText.Short(user, 30)} is not one of those that are let in here";
    }

    /// <summary>A user as policies see them: with the groups, and the mail address, that they ask about.</summary>
    public async Task<Actor> ActorAsync(string team, string user, IReadOnlyList<ApprovalPolicy> policies, CancellationToken cancellationToken) => new()
    {
        Provider = Actor.Slack,
        Id = user,
        Tenant = team,
        Groups = await GroupsOfAsync(user, [.. policies.SelectMany(p => p.SlackGroups).Distinct()], cancellationToken).ConfigureAwait(false),
        Mail = policies.Any(p => !p.RequesterMayApprove) ? await MailAsync(user, cancellationToken).ConfigureAwait(false) : null,
    };

    private async Task<IReadOnlyList<string>> GroupsOfAsync(string user, IReadOnlyList<string> asked, CancellationToken cancellationToken)
    {
        List<string> found = [];
        foreach (string group in asked)
        {
            if ((await MembersAsync(group, cancellationToken).ConfigureAwait(false)).Contains(user, StringComparer.Ordinal))
            {
                found.Add(group);
            }
        }

        return found;
    }

    private async Task<IReadOnlyList<string>> MembersAsync(string group, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (groups.TryGetValue(group, out var known) && now < known.At + Remembered)
        {
            return known.Members;
        }

        try
        {
            IReadOnlyList<string> members = await slack.MembersAsync(group, cancellationToken).ConfigureAwait(false);
            groups[group] = (now, members);
            return members;
        }
        catch (ChatException)
        {
            return [];
        }
    }

    private async Task<string?> MailAsync(string user, CancellationToken cancellationToken)
    {
        try
        {
            return await slack.MailAsync(user, cancellationToken).ConfigureAwait(false);
        }
        catch (ChatException)
        {
            return null;
        }
    }
}
