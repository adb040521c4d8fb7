using Microsoft.Data.Sqlite;
using Rollouts.Embedded.State;
using Rollouts.Notifications;

namespace Rollouts.Embedded.Notifications;

/// <summary>The posts that were begun, as one connection sees them.</summary>
internal sealed class OutboxTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement find = new(connection, "SELECT begun_at, posted, message FROM outbox WHERE rollout = ?1 AND post = ?2");
    private readonly Statement begin = new(connection, "INSERT INTO outbox (rollout, post, begun_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");
    private readonly Statement takeOver = new(
        connection, "UPDATE outbox SET begun_at = ?4 WHERE rollout = ?1 AND post = ?2 AND begun_at = ?3 AND posted = 0");

    private readonly Statement complete = new(connection, "UPDATE outbox SET posted = 1, message = ?3 WHERE rollout = ?1 AND post = ?2");
    private readonly Statement withdraw = new(connection, "DELETE FROM outbox WHERE rollout = ?1 AND post = ?2 AND posted = 0");

    public OutboxMark? Begin(string rollout, string post, DateTimeOffset now)
    {
        if (begin.Run(rollout, post, now.UtcTicks) == 1)
        {
            return null;
        }

        using SqliteDataReader rows = find.Rows(rollout, post);
        rows.Read();
        return new OutboxMark(new DateTimeOffset(rows.GetInt64(0), TimeSpan.Zero), rows.GetBoolean(1), rows.IsDBNull(2) ? null : rows.GetString(2));
    }

    public bool TryTakeOver(string rollout, string post, DateTimeOffset seen, DateTimeOffset now) =>
        takeOver.Run(rollout, post, seen.UtcTicks, now.UtcTicks) == 1;

    public void Complete(string rollout, string post, string? messageId) => complete.Run(rollout, post, messageId);

    public void Withdraw(string rollout, string post) => withdraw.Run(rollout, post);

    public void Dispose()
    {
        foreach (Statement statement in (Statement[])[find, begin, takeOver, complete, withdraw])
        {
            statement.Dispose();
        }
    }
}
