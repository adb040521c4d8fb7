using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Storage;

namespace Rollouts.Sandbox.KubernetesApi.Serving;

/// <summary>Answers watches: one JSON event per line until the caller leaves, its time is up, or the server stops.</summary>
internal sealed class WatchStream(ObjectStore store, TimeProvider time, TimeSpan bookmarkInterval)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan LastBookmark = TimeSpan.FromSeconds(2);

    public async Task WriteAsync(ApiRequest request, HttpResponse response, CancellationToken cancellation)
    {
        var selection = new Selection(request);
        var from = Revisions.Read(request) ?? 0;
        var lifetime = Lifetime(request);
        using var expiry = new CancellationTokenSource(lifetime, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, expiry.Token);
        response.StatusCode = 200;
        response.ContentType = "application/json";
        await response.StartAsync(cancellation);
        try
        {
            if (from == 0)
            {
                from = await WriteCurrentAsync(request, selection, response, end.Token);
            }

            await WriteChangesAsync(request, selection, response, from, Bookmarks(request, lifetime), end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // A watch has no last word: its end is the end of the answer.
        }
    }

    private async Task<long> WriteCurrentAsync(ApiRequest request, Selection selection, HttpResponse response, CancellationToken cancellation)
    {
        var (revision, objects) = store.List(request.Kind, selection.Namespace);
        foreach (var value in objects.Where(selection.Takes))
        {
            await WriteAsync(response, "ADDED", value, cancellation);
        }

        return revision;
    }

    private async Task WriteChangesAsync(
        ApiRequest request, Selection selection, HttpResponse response, long from, BookmarkClock? bookmarks, CancellationToken cancellation)
    {
        var bookmarked = from;
        while (true)
        {
            if (store.ChangesAfter(request.Kind, from) is not var (changes, revision, more))
            {
                var gone = ApiFailure.Expired($"too old resource version: {from} ({store.OldestKnown})");
                await WriteAsync(response, "ERROR", gone.ToStatus(), cancellation);
                return;
            }

            foreach (var change in changes)
            {
                if (Seen(selection, change) is var (type, value))
                {
                    await WriteAsync(response, type, value, cancellation);
                }
            }

            from = Math.Max(from, revision);
            if (bookmarks is null)
            {
                await more.WaitAsync(cancellation);
            }
            else if (!await bookmarks.WaitAsync(more, cancellation) && from > bookmarked)
            {
                await WriteAsync(response, "BOOKMARK", Bookmark(request.Kind, from), cancellation);
                bookmarked = from;
            }
        }
    }

    // A change that moves an object into or out of the selection is an addition or a deletion to this watch.
    private static (string Type, JsonObject Value)? Seen(Selection selection, Change change)
    {
        var before = change.Before is { } old && selection.Takes(old);
        var after = change.Type != ChangeType.Deleted && selection.Takes(change.After);
        return (before, after) switch
        {
            (false, true) => ("ADDED", change.After),
            (true, true) => ("MODIFIED", change.After),
            (true, false) => ("DELETED", Departed(change)),
            _ => null,
        };
    }

    private static JsonObject Departed(Change change)
    {
        var last = change.Before!.Copy();
        last.Metadata()["resourceVersion"] = change.Revision.ToString(CultureInfo.InvariantCulture);
        return last;
    }

    private static JsonObject Bookmark(KubernetesKind kind, long revision) => new()
    {
        ["kind"] = kind.Name,
        ["apiVersion"] = kind.ApiVersion,
        ["metadata"] = new JsonObject { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture), ["creationTimestamp"] = null },
    };

    private static async Task WriteAsync(HttpResponse response, string type, JsonObject value, CancellationToken cancellation)
    {
        var line = ApiJson.Write(new JsonObject { ["type"] = type, ["object"] = value.DeepClone() });
        await response.Body.WriteAsync(line, cancellation);
        await response.Body.FlushAsync(cancellation);
    }

    private static TimeSpan Lifetime(ApiRequest request) =>
        int.TryParse(request.Query["timeoutSeconds"], CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(seconds)
            : Longest;

    private BookmarkClock? Bookmarks(ApiRequest request, TimeSpan lifetime) =>
        request.Query["allowWatchBookmarks"].ToString() is "true" or "1"
            ? new(time, bookmarkInterval, lifetime > LastBookmark ? lifetime - LastBookmark : lifetime)
            : null;
}
