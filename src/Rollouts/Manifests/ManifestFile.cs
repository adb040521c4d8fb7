namespace Rollouts.Manifests;

/// <summary>A text that holds manifests.</summary>
/// <param name="Name">How problems call it: a file's name, or for instance <c>request</c>.</param>
/// <param name="Text">One or more YAML documents, or one JSON document.</param>
public sealed record ManifestFile(string Name, string Text);
