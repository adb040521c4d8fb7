using Rollouts.Approvals.Settings;
using Rollouts.Manifests;
using Rollouts.Policy;

namespace Rollouts.Approvals.Deciders;

/// <summary>What the operator asks of every release, added to it when it starts.</summary>
public sealed class OperatorRules(ApprovalSettings settings)
{
    /// <summary>Why a release is refused that nobody could approve.</summary>
    public const string RequesterIsNotKnown =
        "the policy says that whoever asks for a release may not approve it, and nobody says who asks: give ?requester= (--requester) a mail address, slack:U… or entra:…";

    /// <summary>The release as it runs here, or why it may not.</summary>
    /// <param name="release">As it was read.</param>
    /// <param name="requester">Who asks for it, as the pipeline says or as is known of the caller; null when nobody says.</param>
    public (Release? Release, string? Refusal) Admit(Release release, string? requester)
    {
        (string Name, EnvironmentSettings Settings)? environment = EnvironmentOf(release.Namespace);
        NotifyPolicy? notify = release.Policy.Notify
            ?? (environment is { Settings.Channels: { Count: > 0 } channels } ? new NotifyPolicy { Channels = channels } : null);
        if (notify is not null && notify.Channels.Concat(notify.EscalateTo).FirstOrDefault(c => !settings.Channels.ContainsKey(c)) is { } unknown)
        {
            string known = settings.Channels.Count == 0 ? "none is set up" : $"there are {string.Join(", ", settings.Channels.Keys.Order())}";
            return (null, $"spec.notify names the channel {unknown}, which the operator has not set up; {known}");
        }

        Release admitted = release with
        {
            Policy = release.Policy with { Notify = notify },
            Environment = environment is { } found ? new ReleaseEnvironment { Name = found.Name, Approval = found.Settings.Approval } : null,
            Requester = requester,
        };
        bool needsRequester = new[] { admitted.Policy.Approval, admitted.Environment?.Approval }.Any(p => p is { RequesterMayApprove: false });
        return needsRequester && requester is null
            ? (null, RequesterIsNotKnown)
            : (admitted, null);
    }

    private (string Name, EnvironmentSettings Settings)? EnvironmentOf(string name)
    {
        foreach (string sought in new[] { name, "*" })
        {
            foreach ((string environment, EnvironmentSettings of) in settings.Environments)
            {
                if (of.Namespaces.Contains(sought, StringComparer.Ordinal))
                {
                    return (environment, of);
                }
            }
        }

        return null;
    }
}
