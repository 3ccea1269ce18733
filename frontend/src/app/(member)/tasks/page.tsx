export default function TasksPage() {
  return <main><h1>Tasks</h1></main>;
}
