using Microsoft.Extensions.DependencyInjection;
using Rollouts.Approvals.Channels;
using Rollouts.Approvals.Deciders;
using Rollouts.Approvals.Links;
using Rollouts.Approvals.Settings;
using Rollouts.Approvals.Slack;
using Rollouts.Approvals.Teams;
using Rollouts.Notifications;

namespace Rollouts.Approvals;

/// <summary>Puts the human in the loop together.</summary>
public static class ApprovalsServiceCollectionExtensions
{
    /// <summary>
    /// Adds what posts and what listens: an <see cref="ApprovalDesk"/>, <see cref="OperatorRules"/>, and an <see cref="INotifier"/>, which needs an
    /// <see cref="INotificationOutbox"/> among the services. The settings must have passed their rules.
    /// </summary>
    public static IServiceCollection AddApprovals(this IServiceCollection services, ApprovalSettings settings)
    {
        services.AddChatHttp();
        services.AddSingleton(settings);
        services.AddSingleton(new OperatorRules(settings));
        services.AddSingleton(s => ApprovalDesk.Create(settings, s.GetRequiredService<IHttpClientFactory>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => s.GetRequiredService<ApprovalDesk>().CreateNotifier(s.GetRequiredService<INotificationOutbox>()));
        return services;
    }
}

/// <summary>The parts that are set up here; what is not set up is null.</summary>
public sealed class ApprovalDesk
{
    private readonly ApprovalSettings settings;
    private readonly IHttpClientFactory clients;
    private readonly TimeProvider time;

    private ApprovalDesk(ApprovalSettings settings, IHttpClientFactory clients, TimeProvider time) =>
        (this.settings, this.clients, this.time) = (settings, clients, time);

    /// <summary>Signs and reads links.</summary>
    public LinkSigner? Links { get; private init; }

    /// <summary>Whether Slack sent a request.</summary>
    public SlackSignature? SlackSignature { get; private init; }

    /// <summary>Whether Teams sent a message.</summary>
    public OutgoingSignature? TeamsSignature { get; private init; }

    internal SlackClient? Slack { get; private init; }

    internal SlackPeople? SlackPeople { get; private init; }

    public static ApprovalDesk Create(ApprovalSettings settings, IHttpClientFactory clients, TimeProvider time)
    {
        SlackClient? slack = settings.Slack is { } set ? new SlackClient(clients, set) : null;
        return new ApprovalDesk(settings, clients, time)
        {
            Links = settings.Links is { } links ? new LinkSigner(links, time) : null,
            SlackSignature = Secret.Read(settings.Slack?.SigningSecret, settings.Slack?.SigningSecretFile) is { } signing ? new SlackSignature(signing, time) : null,
            TeamsSignature = Secret.Read(settings.Teams?.OutgoingToken, settings.Teams?.OutgoingTokenFile) is { } token ? new OutgoingSignature(token) : null,
            Slack = slack,
            SlackPeople = slack is null ? null : new SlackPeople(slack, settings.Slack!, time),
        };
    }

    /// <summary>What posts to the channels.</summary>
    public INotifier CreateNotifier(INotificationOutbox outbox) => new ChannelNotifier(
        settings.Channels,
        Slack is null ? null : new SlackNotifier(Slack, new SlackMessages(Links), outbox, time),
        new TeamsNotifier(clients, new TeamsCards(Links), outbox, time));
}
