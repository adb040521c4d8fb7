using System.Text.Json.Nodes;
using Rollouts.Sandbox.KubernetesApi.Requests;
using Rollouts.Sandbox.KubernetesApi.Storage;

namespace Rollouts.Sandbox.KubernetesApi.Serving;

/// <summary>Which objects a list or watch asks for.</summary>
internal sealed class Selection(ApiRequest request)
{
    private readonly LabelSelector labels = new(request.Query["labelSelector"].ToString());
    private readonly FieldSelector fields = new(request.Query["fieldSelector"].ToString());

    public string Namespace { get; } = request.StoredNamespace;

    public bool Takes(JsonObject value) =>
        (Namespace.Length == 0 || value.Namespace() == Namespace) && labels.Matches(value) && fields.Matches(value);
}
