namespace Rollouts.Manifests.Fields;

/// <summary>What becomes of a field.</summary>
public enum FieldTreatment
{
    /// <summary>Read, and what it says is done.</summary>
    Supported,

    /// <summary>Read, and done where Argo does not do it.</summary>
    Beyond,

    /// <summary>Accepted with a warning: there is nothing here that it could apply to.</summary>
    NoMeaning,

    /// <summary>Accepted without a word: written by the cluster, or for people only.</summary>
    Ignored,

    /// <summary>Refused: leaving it out in silence would change what the release does.</summary>
    Refused,
}

/// <summary>A field that manifests are known to have.</summary>
/// <param name="Name">As in the manifest.</param>
/// <param name="Treatment">What becomes of it.</param>
/// <param name="Note">Read: what is allowed. Otherwise: why, and what to do instead.</param>
public sealed record KnownField(string Name, FieldTreatment Treatment, string Note)
{
    internal bool IsRead => Treatment is FieldTreatment.Supported or FieldTreatment.Beyond;

    internal static KnownField Supported(string name, string note) => new(name, FieldTreatment.Supported, note);

    internal static KnownField Beyond(string name, string note) => new(name, FieldTreatment.Beyond, note);

    internal static KnownField NoMeaning(string name, string note) => new(name, FieldTreatment.NoMeaning, note);

    internal static KnownField Ignored(string name, string note) => new(name, FieldTreatment.Ignored, note);

    internal static KnownField Refused(string name, string note) => new(name, FieldTreatment.Refused, note);
}
