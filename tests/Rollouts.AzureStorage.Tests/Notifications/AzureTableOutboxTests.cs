using Rollouts.AzureStorage.Notifications;
using Rollouts.AzureStorage.Tests.Azurite;
using Rollouts.Contracts;
using Rollouts.Notifications;

namespace Rollouts.AzureStorage.Tests.Notifications;

public sealed class AzureTableOutboxTests(AzuriteServer azurite) : OutboxContract
{
    protected override INotificationOutbox Outbox { get; } = new AzureTableOutbox(azurite.Tables, TimeProvider.System);
}
