using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rollouts.Engine;
using Rollouts.Http.Access;
using Rollouts.Journal;
using Rollouts.Machine;

namespace Rollouts.Http.Dashboard;

/// <summary>
/// <c>GET /api/rollouts/{id}/events</c>: a rollout as server-sent events. <c>journal</c> carries a record, with its position as the event's id, so that a
/// browser that reconnects misses none; <c>status</c> carries the status, at first and after every change; <c>ping</c> says that the line stands.
/// </summary>
public sealed class RolloutEvents(IRolloutEngine engine, AccessPolicy access, TimeProvider time)
{
    /// <summary>A stream ends after this long, because gateways cut longer ones; whoever listens reconnects.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(RolloutApi.MostWaitSeconds);

    private const int MostRecords = 500;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan EveryOnceEnded = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(1);

    /// <summary>With <c>Last-Event-ID</c>, or <c>?after=</c>, the journal's records after that position; without, from the start.</summary>
    public async Task<IResult> StreamAsync(HttpContext http, string id)
    {
        if (access.Refuse(http, Right.Read) is { } refusal)
        {
            return refusal;
        }

        if (await engine.FindAsync(id, http.RequestAborted).ConfigureAwait(false) is null)
        {
            return Problems.NotFound(id);
        }

        string? after = http.Request.Headers["Last-Event-ID"].FirstOrDefault() ?? http.Request.Query["after"].FirstOrDefault();
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(
            WatchAsync(id, long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out long position) ? position : 0, http.RequestAborted));
    }

    private async IAsyncEnumerable<SseItem<string>> WatchAsync(string id, long after, [EnumeratorCancellation] CancellationToken gone)
    {
        DateTimeOffset end = time.GetUtcNow() + Longest;
        DateTimeOffset told = time.GetUtcNow();
        string shown = "";
        while (time.GetUtcNow() < end && await LookAsync(id, after, gone).ConfigureAwait(false) is var (status, news))
        {
            foreach (JournalRecord record in news)
            {
                after = record.Position;
                yield return new SseItem<string>(JsonSerializer.Serialize(record, RolloutJson.Default.JournalRecord), "journal")
                {
                    EventId = $"{record.Position}",
                };
            }

            string next = JsonSerializer.Serialize(status, RolloutJson.Default.RolloutStatus);
            if (next != shown)
            {
                shown = next;
                told = time.GetUtcNow();
                yield return new SseItem<string>(next, "status") { ReconnectionInterval = ReconnectAfter };
            }
            else if (time.GetUtcNow() - told >= PingAfter)
            {
                told = time.GetUtcNow();
                yield return new SseItem<string>("", "ping");
            }

            if (news.Count < MostRecords)
            {
                await Task.Delay(status.Outcome is null ? Every : EveryOnceEnded, time, gone).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Null ends the stream: the rollout is gone, or its store does not answer; whoever listens reconnects.</summary>
    private async Task<(RolloutStatus Status, IReadOnlyList<JournalRecord> News)?> LookAsync(string id, long after, CancellationToken gone)
    {
        try
        {
            IReadOnlyList<JournalRecord> news = await engine.ReadJournalAsync(id, after, MostRecords, gone).ConfigureAwait(false) ?? [];
            return await engine.FindAsync(id, gone).ConfigureAwait(false) is { } status ? (status, news) : null;
        }
        catch (PortException)
        {
            return null;
        }
    }
}
