/** Stands in for development tools that are never loaded. */
export default {};
