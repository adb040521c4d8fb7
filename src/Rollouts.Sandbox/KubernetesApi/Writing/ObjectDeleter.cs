using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Schemas;
using Rollouts.Sandbox.KubernetesApi.Storage;

namespace Rollouts.Sandbox.KubernetesApi.Writing;

/// <summary>
/// Deletes objects: preconditions, finalizers, and a namespace with everything in it. There is no garbage collector:
/// what an owner reference points to is not followed, as with an API server that runs without its controllers.
/// </summary>
internal sealed class ObjectDeleter(ObjectStore store, NamespaceLifecycle namespaces, TimeProvider time)
{
    /// <returns>The answer: a <c>Status</c>, or the object while finalizers hold it.</returns>
    public JsonObject Delete(ApiRequest request, JsonObject options) => store.Write(() =>
    {
        var kind = request.Kind;
        var current = store.Find(kind, request.StoredNamespace, request.Name) ?? throw ApiFailure.NotFound(kind, request.Name);
        var isDryRun = request.DryRun || DryRuns.Read("delete", (options["dryRun"] as JsonArray ?? []).Select(d => (string?)d));
        RequirePropagation(request, options);
        RequirePreconditions(kind, current, options);
        if (isDryRun)
        {
            return kind.DeleteReturnsObject ? current : Success(kind, current);
        }

        return Delete(kind, current) is { } held ? held : kind.DeleteReturnsObject ? current : Success(kind, current);
    });

    /// <summary>Deletes a list of objects; those that are gone already are passed over.</summary>
    public void DeleteAll(ApiRequest request, IEnumerable<JsonObject> objects) => store.Write(() =>
    {
        foreach (var value in objects.ToList())
        {
            if (!request.DryRun && store.Find(request.Kind, value.Namespace(), value.Name()) is { } current)
            {
                Delete(request.Kind, current);
            }
        }

        return true;
    });

    private JsonObject? Delete(KubernetesKind kind, JsonObject current)
    {
        if (kind == KubernetesKinds.Namespace)
        {
            return DeleteNamespace(current);
        }

        if (current.Finalizers().Count == 0)
        {
            store.Remove(kind, current);
            return null;
        }

        return current.IsDeleting() ? current : Mark(kind, current);
    }

    private JsonObject Mark(KubernetesKind kind, JsonObject current)
    {
        var marked = current.Copy();
        var metadata = marked.Metadata();
        metadata["deletionTimestamp"] = Timestamps.Format(time.GetUtcNow());
        metadata["deletionGracePeriodSeconds"] = 0L;
        if (kind.HasGeneration)
        {
            metadata["generation"] = ((long?)metadata["generation"] ?? 0) + 1;
        }

        return store.Put(kind, marked);
    }

    private JsonObject DeleteNamespace(JsonObject current)
    {
        var marked = namespaces.Terminate(current);
        foreach (var (kind, value) in namespaces.Content(marked.Name()).ToList())
        {
            Delete(kind, value);
        }

        namespaces.Finish(marked.Name());
        return marked;
    }

    private static void RequirePropagation(ApiRequest request, JsonObject options)
    {
        var policy = (string?)options["propagationPolicy"] ?? request.Query["propagationPolicy"].ToString();
        if (policy is not ("" or "Background" or "Foreground" or "Orphan"))
        {
            throw ApiFailure.InvalidOptions(
                "DeleteOptions", FieldError.NotSupported("propagationPolicy", policy, "Foreground", "Background", "Orphan", "nil"));
        }
    }

    private static void RequirePreconditions(KubernetesKind kind, JsonObject current, JsonObject options)
    {
        if (options["preconditions"] is not JsonObject preconditions)
        {
            return;
        }

        if ((string?)preconditions["uid"] is { } uid && uid != current.Uid())
        {
            throw ApiFailure.Conflict(
                kind, current.Name(), $"the UID in the precondition ({uid}) does not match the UID in record ({current.Uid()}). The object might have been deleted and then recreated");
        }

        if ((string?)preconditions["resourceVersion"] is { } version && version != current.ResourceVersion())
        {
            throw ApiFailure.Conflict(
                kind, current.Name(), $"the ResourceVersion in the precondition ({version}) does not match the ResourceVersion in record ({current.ResourceVersion()}). The object might have been modified");
        }
    }

    private static JsonObject Success(KubernetesKind kind, JsonObject value)
    {
        var details = new JsonObject { ["name"] = value.Name() };
        if (kind.Group.Length > 0)
        {
            details["group"] = kind.Group;
        }

        details["kind"] = kind.Plural;
        details["uid"] = value.Uid();
        return new()
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        };
    }
}
