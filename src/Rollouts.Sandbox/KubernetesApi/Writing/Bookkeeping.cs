using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Kinds;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Schemas;
using Rollouts.Sandbox.KubernetesApi.Storage;

namespace Rollouts.Sandbox.KubernetesApi.Writing;

/// <summary>The fields that only the server writes; whatever the caller sent there is dropped.</summary>
internal static class Bookkeeping
{
    private static readonly string[] Stored =
        ["resourceVersion", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "selfLink"];

    public static void Begin(KubernetesKind kind, JsonObject value, DateTimeOffset now)
    {
        var metadata = value.Metadata();
        foreach (var field in Stored)
        {
            metadata.Remove(field);
        }

        metadata["uid"] = Identifiers.Uid();
        metadata["creationTimestamp"] = Timestamps.Format(now);
        if (kind.HasGeneration)
        {
            metadata["generation"] = 1L;
        }

        if (kind.HasStatus)
        {
            value.Remove("status");
        }
    }

    public static void Keep(ApiRequest request, JsonObject value, JsonObject current)
    {
        foreach (var field in Stored)
        {
            value.Metadata().Take(field, current.Metadata());
        }

        if (value.Uid().Length == 0)
        {
            value.Metadata().Take("uid", current.Metadata());
        }

        if (request.IsStatus)
        {
            foreach (var field in current.Select(c => c.Key).Union(value.Select(v => v.Key)).Except(["metadata", "status"]).ToList())
            {
                value.Take(field, current);
            }
        }
        else if (request.Kind.HasStatus)
        {
            value.Take("status", current);
        }
    }

    public static void CountGeneration(KubernetesKind kind, JsonObject value, JsonObject current)
    {
        var changed = !JsonNode.DeepEquals(value["spec"], current["spec"]) || KindRules.For(kind).BumpsGeneration(value, current);
        if (kind.HasGeneration && changed)
        {
            value.Metadata()["generation"] = ((long?)current.Metadata()["generation"] ?? 0) + 1;
        }
    }
}
