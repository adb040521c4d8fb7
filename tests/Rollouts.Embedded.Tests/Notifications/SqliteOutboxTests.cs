using Rollouts.Contracts;
using Rollouts.Notifications;

namespace Rollouts.Embedded.Tests.Notifications;

public sealed class SqliteOutboxTests : OutboxContract, IAsyncLifetime
{
    private readonly Bench bench = new();

    protected override INotificationOutbox Outbox => bench.Engine.Outbox;

    public async ValueTask InitializeAsync() => await bench.OpenAsync();

    public ValueTask DisposeAsync() => bench.DisposeAsync();
}
