namespace Rollouts.Sandbox.KubernetesApi;

/// <summary>A call that reached the stand-in, as its authorizer sees it.</summary>
/// <param name="Verb"><c>get</c>, <c>list</c>, <c>watch</c>, <c>create</c>, <c>update</c>, <c>patch</c>, <c>delete</c> or <c>deletecollection</c>.</param>
/// <param name="Resource">The plural, for instance <c>ingresses</c>.</param>
/// <param name="Namespace">Empty for objects of the cluster and for lists of all namespaces.</param>
/// <param name="Name">Empty where the path names no object.</param>
/// <param name="Subresource">Empty or <c>status</c>.</param>
/// <param name="User">Who called.</param>
/// <param name="MediaType">The type of the body, which says what kind of patch it is; empty without a body.</param>
public sealed record KubernetesCall(string Verb, string Resource, string Namespace, string Name, string Subresource, string User, string MediaType)
{
    /// <summary>Whether it changes something.</summary>
    public bool IsWrite => Verb is "create" or "update" or "patch" or "delete" or "deletecollection";
}
