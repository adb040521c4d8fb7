using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Schemas;
using Rollouts.Sandbox.KubernetesApi.Storage;

namespace Rollouts.Sandbox.KubernetesApi.Writing;

/// <summary>Stands in for the namespace controller: a namespace that is deleted goes once everything in it is gone.</summary>
internal sealed class NamespaceLifecycle(ObjectStore store, KindTable kinds, TimeProvider time)
{
    /// <summary>Marks a namespace, so that it takes nothing new.</summary>
    public JsonObject Terminate(JsonObject current)
    {
        if (current.IsDeleting())
        {
            return current;
        }

        var marked = current.Copy();
        marked.Metadata()["deletionTimestamp"] = Timestamps.Format(time.GetUtcNow());
        marked["status"] = new JsonObject { ["phase"] = "Terminating" };
        return store.Put(KubernetesKinds.Namespace, marked);
    }

    public IEnumerable<(KubernetesKind Kind, JsonObject Value)> Content(string ns) =>
        kinds.All.Where(k => k.Namespaced).SelectMany(k => store.List(k, ns).Objects.Select(o => (k, o)));

    /// <summary>Removes a namespace that is deleted, empty and not held by a finalizer.</summary>
    public void Finish(string ns)
    {
        if (store.Find(KubernetesKinds.Namespace, "", ns) is { } current
            && current.IsDeleting() && current.Finalizers().Count == 0 && !Content(ns).Any())
        {
            store.Remove(KubernetesKinds.Namespace, current);
        }
    }
}
